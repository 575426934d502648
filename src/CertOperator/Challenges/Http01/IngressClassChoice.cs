using CertOperator.Api;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;

namespace CertOperator.Challenges.Http01;

/// <summary>Which ingress class answers for a challenge: the solver's, else that of the Ingress that the Certificate serves, else the default.</summary>
internal sealed class IngressClassChoice(ObjectStore<Ingress> ingresses, ObjectStore<IngressClass> classes)
{
    /// <summary>The class; null if none is named and none is the default.</summary>
    public string? For(OpenChallenge challenge)
    {
        if (challenge.Solver.Http01?.Ingress is { } spec && (spec.IngressClassName ?? spec.Class) is not null)
            return spec.IngressClassName;
        return OwnersOf(challenge.Certificate).Select(ClassOf).FirstOrDefault(name => name is not null)
            ?? classes.All.Where(known => known.Metadata.Annotations?.GetValueOrDefault(IngressClass.DefaultAnnotation) == Annotations.True)
                .Select(known => known.Metadata.Name).Order(StringComparer.Ordinal).FirstOrDefault();
    }

    private IEnumerable<Ingress> OwnersOf(Certificate certificate)
        => (certificate.Metadata.OwnerReferences ?? []).Where(owner => owner.Kind == Ingress.Type.Kind)
            .Select(owner => ingresses.Find(new ObjectKey(certificate.Metadata.Namespace ?? "", owner.Name))).OfType<Ingress>();

    private static string? ClassOf(Ingress ingress)
        => ingress.Spec?.IngressClassName ?? ingress.Metadata.Annotations?.GetValueOrDefault(Annotations.IngressClass);
}
