using CertOperator.Api;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;

namespace CertOperator.Controllers.Sources;

/// <summary>Tells an Ingress that wants a certificate what is wrong with its annotations, its TLS stanzas and its class.</summary>
internal sealed class IngressReconciler(
    ObjectStore<Ingress> ingresses, Informer<IngressClass, IngressClass> classes, SourceCatalog sources, SourceReporter reporter) : IReconciler
{
    public const string ClassNotServed = "ClassNotServed";
    public const string NoClass = "NoClass";

    public Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        string topic = $"{Ingress.Type.Kind} {key}";
        if (ingresses.Find(key) is { } ingress)
            reporter.Report(topic, Findings(ingress));
        else
            reporter.Forget(topic);
        return Task.FromResult(Outcome.Done);
    }

    /// <summary>
    /// Why no controller serves the Ingress, as far as its class tells. An address is proof that one does; a class that only
    /// the older annotation names may be served without an IngressClass, so it alone is no proof of the contrary. Pure.
    /// </summary>
    public static SourceProblem? ClassProblem(Ingress ingress, IReadOnlyList<IngressClass> classes)
    {
        if (ingress.Status?.LoadBalancer?.Ingress is { Count: > 0 })
            return null;

        string known = classes.Count == 0
            ? "the cluster has no IngressClass"
            : $"the cluster has {string.Join(", ", classes.Select(known => known.Metadata.Name).Order().Take(5))}";
        string? name = ingress.Spec?.IngressClassName ?? SourceAnnotations.Value(ingress.Metadata, Annotations.IngressClass);
        if (name is not null)
        {
            return classes.Any(known => known.Metadata.Name == name)
                ? null
                : new(ClassNotServed, $"The Ingress has the class \"{name}\", which no IngressClass describes ({known}), and no address: no controller serves it, so its certificate is issued but will not be seen. Correct ingressClassName or install that controller.");
        }

        return classes.Any(known => known.Metadata.Annotations?.GetValueOrDefault(IngressClass.DefaultAnnotation) == Annotations.True)
            ? null
            : new(NoClass, $"The Ingress has no class, no IngressClass is the default ({known}), and it has no address: no controller serves it, so its certificate is issued but will not be seen. Set spec.ingressClassName.");
    }

    private IReadOnlyList<SourceFinding> Findings(Ingress ingress)
    {
        SourceReading reading = sources.Read(ingress);
        SourceProblem? classless = reading.Certificates.Count > 0 && !classes.IsRefused ? ClassProblem(ingress, classes.Store.All) : null;
        return [.. (classless is null ? reading.Problems : reading.Problems.Append(classless)).Select(problem => new SourceFinding(ingress, problem))];
    }
}
