using CertOperator.Api;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;

namespace CertOperator.Challenges.Http;

/// <summary>Which ingress class answers for a challenge: the solver's, else that of the Ingress that the Certificate serves, else the default.</summary>
internal sealed class IngressClassChoice(ObjectStore<Ingress> ingresses, ObjectStore<IngressClass> classes)
{
    public ClassReference For(OpenChallenge challenge)
    {
        if (challenge.Solver.Http01?.Ingress is { } spec && (spec.IngressClassName ?? spec.Class) is not null)
            return new ClassReference(spec.IngressClassName, spec.IngressClassName is null ? spec.Class : null);
        return OwnersOf(challenge.Certificate).Select(ClassOf).FirstOrDefault(served => served.Name is not null)
            ?? new ClassReference(Default(), null);
    }

    private string? Default()
        => classes.All.Where(known => known.Metadata.Annotations?.GetValueOrDefault(IngressClass.DefaultAnnotation) == Annotations.True)
            .Select(known => known.Metadata.Name).Order(StringComparer.Ordinal).FirstOrDefault();

    private IEnumerable<Ingress> OwnersOf(Certificate certificate)
        => (certificate.Metadata.OwnerReferences ?? []).Where(owner => owner.Kind == Ingress.Type.Kind)
            .Select(owner => ingresses.Find(new ObjectKey(certificate.Metadata.Namespace ?? "", owner.Name))).OfType<Ingress>();

    private static ClassReference ClassOf(Ingress ingress) => ingress.Spec?.IngressClassName is { } name
        ? new ClassReference(name, null)
        : new ClassReference(null, ingress.Metadata.Annotations?.GetValueOrDefault(Annotations.IngressClass));
}

/// <summary>A class by one of the two ways in which an Ingress can name it; by neither if there is none.</summary>
/// <param name="ClassName">spec.ingressClassName.</param>
/// <param name="Annotation">The older annotation, for controllers that have no IngressClass.</param>
internal sealed record ClassReference(string? ClassName, string? Annotation)
{
    public string? Name => ClassName ?? Annotation;
}
