using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers.Sources;

/// <summary>
/// Tells an Ingress or Service what is wrong with it: one event per problem when it appears. What was told before this process
/// started is found in the cluster and not told again.
/// </summary>
internal sealed class SourceReporter(EventRecorder events)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Kind, ObjectKey Key), Told> _told = [];

    /// <param name="topic">Problems of one topic replace those told before.</param>
    /// <param name="about">The object.</param>
    /// <param name="problems">All of the topic's problems at this time.</param>
    public void Report(string topic, IKubeObject about, IReadOnlyList<SourceProblem> problems)
    {
        IReadOnlyList<SourceProblem>? before = Replace(topic, about, problems);
        foreach (SourceProblem problem in problems.Except(before ?? []))
            events.Advise(about, problem.Reason, problem.Message, again: before is not null);
    }

    /// <summary>The object is gone.</summary>
    public void Forget(ResourceType type, ObjectKey key)
    {
        lock (_lock)
            _told.Remove((type.Kind, key));
    }

    /// <returns>What was told of the topic; null if nothing was yet.</returns>
    private IReadOnlyList<SourceProblem>? Replace(string topic, IKubeObject about, IReadOnlyList<SourceProblem> problems)
    {
        var key = (about.Kind, new ObjectKey(about.Metadata.Namespace ?? "", about.Metadata.Name ?? ""));
        lock (_lock)
        {
            // Nothing is kept of the many of which there was never anything to tell.
            Told? told = _told.GetValueOrDefault(key) is { } known && known.Uid == about.Metadata.Uid ? known : null;
            if (told is null && problems.Count == 0)
                return null;
            _told[key] = told ??= new Told(about.Metadata.Uid, []);
            IReadOnlyList<SourceProblem>? before = told.Topics.GetValueOrDefault(topic);
            told.Topics[topic] = problems;
            return before;
        }
    }

    private sealed record Told(string? Uid, Dictionary<string, IReadOnlyList<SourceProblem>> Topics);
}
