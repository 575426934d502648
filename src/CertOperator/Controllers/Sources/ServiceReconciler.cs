using CertOperator.Api;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;

namespace CertOperator.Controllers.Sources;

/// <summary>Tells a Service that wants a certificate what is wrong with its annotations.</summary>
internal sealed class ServiceReconciler(ObjectStore<Service> services, SourceCatalog sources, SourceReporter reporter) : IReconciler
{
    public Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        string topic = $"{Service.Type.Kind} {key}";
        if (services.Find(key) is { } service)
            reporter.Report(topic, [.. sources.Read(service).Problems.Select(problem => new SourceFinding(service, problem))]);
        else
            reporter.Forget(topic);
        return Task.FromResult(Outcome.Done);
    }
}
