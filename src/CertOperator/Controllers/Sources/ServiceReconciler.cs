using CertOperator.Api;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;

namespace CertOperator.Controllers.Sources;

/// <summary>Tells a Service that wants a certificate what is wrong with its annotations.</summary>
internal sealed class ServiceReconciler(ObjectStore<Service> services, SourceCatalog sources, SourceReporter reporter) : IReconciler
{
    public const string Topic = "service";

    public Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        if (services.Find(key) is { } service)
            reporter.Report(Topic, service, sources.Read(service).Problems);
        else
            reporter.Forget(Service.Type, key);
        return Task.FromResult(Outcome.Done);
    }
}
