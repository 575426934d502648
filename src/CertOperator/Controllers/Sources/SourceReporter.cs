using System.Collections.Concurrent;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers.Sources;

/// <summary>Tells an Ingress or Service what is wrong with it: one event per problem, and again only when it changes.</summary>
internal sealed class SourceReporter(EventRecorder events)
{
    private readonly ConcurrentDictionary<(string Topic, string Uid), string> _told = [];

    /// <param name="topic">Problems of one topic replace those told before.</param>
    /// <param name="about">The object.</param>
    /// <param name="problems">All of the topic's problems at this time.</param>
    public void Report(string topic, IKubeObject about, IReadOnlyList<SourceProblem> problems)
    {
        var key = (topic, about.Metadata.Uid ?? "");
        if (problems.Count == 0)
        {
            _told.TryRemove(key, out _);
            return;
        }

        string text = string.Join('\n', problems.Select(problem => problem.Message));
        if (_told.TryGetValue(key, out string? told) && told == text)
            return;
        _told[key] = text;
        foreach (SourceProblem problem in problems)
            events.Warning(about, problem.Reason, problem.Message);
    }
}
