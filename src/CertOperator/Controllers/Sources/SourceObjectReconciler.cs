using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;

namespace CertOperator.Controllers.Sources;

/// <summary>Tells an object that wants certificates what is wrong with its annotations and with what it says of TLS.</summary>
internal sealed class SourceObjectReconciler<T>(SourceStore<T> sources, SourceReporter reporter) : IReconciler
    where T : class, IKubeObject<T>
{
    public Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        string topic = $"{T.Type.Kind} {key}";
        if (sources.Find(key) is { } source)
            reporter.Report(topic, [.. sources.Read(source).Problems.Select(problem => new SourceFinding(source, problem))]);
        else
            reporter.Forget(topic);
        return Task.FromResult(Outcome.Done);
    }
}
