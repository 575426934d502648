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
        Service? service = services.Find(key);
        reporter.Report(
            $"{Service.Type.Kind} {key}",
            service is null ? [] : [.. sources.Read(service).Problems.Select(problem => new SourceFinding(service, problem))]);
        return Task.FromResult(Outcome.Done);
    }
}
