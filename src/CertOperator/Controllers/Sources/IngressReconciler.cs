using CertOperator.Api;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;

namespace CertOperator.Controllers.Sources;

/// <summary>Tells an Ingress that wants a certificate what is wrong with its annotations and its TLS stanzas.</summary>
internal sealed class IngressReconciler(ObjectStore<Ingress> ingresses, SourceCatalog sources, SourceReporter reporter) : IReconciler
{
    public Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        string topic = $"{Ingress.Type.Kind} {key}";
        if (ingresses.Find(key) is { } ingress)
            reporter.Report(topic, [.. sources.Read(ingress).Problems.Select(problem => new SourceFinding(ingress, problem))]);
        else
            reporter.Forget(topic);
        return Task.FromResult(Outcome.Done);
    }
}
