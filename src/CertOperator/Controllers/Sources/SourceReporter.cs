using System.Collections.Concurrent;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers.Sources;

/// <summary>Something wrong with an Ingress, Service or Gateway.</summary>
internal sealed record SourceFinding(IKubeObject About, SourceProblem Problem);

/// <summary>
/// Tells them what is wrong with it: one event per problem when it appears. What was told before this process
/// started is found in the cluster and not told again.
/// </summary>
internal sealed class SourceReporter(EventRecorder events)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<SourceFinding>> _told = [];

    /// <summary>All that is wrong now.</summary>
    public IEnumerable<SourceFinding> Findings => _told.Values.SelectMany(findings => findings);

    /// <param name="topic">What was looked at; its findings replace those told before.</param>
    /// <param name="findings">All that is wrong with it at this time.</param>
    public void Report(string topic, IReadOnlyList<SourceFinding> findings)
    {
        // Nothing is kept of the many of which there was never anything to tell.
        IReadOnlyList<SourceFinding>? before = _told.GetValueOrDefault(topic);
        if (before is null && findings.Count == 0)
            return;

        _told[topic] = findings;
        foreach (SourceFinding finding in findings.Where(finding => before?.Any(told => Same(told, finding)) != true))
            events.Advise(finding.About, finding.Problem.Reason, finding.Problem.Message, again: before is not null);
    }

    /// <summary>There is nothing left to look at.</summary>
    public void Forget(string topic) => _told.TryRemove(topic, out _);

    private static bool Same(SourceFinding a, SourceFinding b) => a.About.Metadata.Uid == b.About.Metadata.Uid && a.Problem == b.Problem;
}
