using CertOperator.Runtime.Caching;

namespace CertOperator.Runtime.Controllers;

/// <summary>A probe's answer with one sentence that says why.</summary>
public readonly record struct HealthReport(bool Ok, string Reason);

/// <summary>Whether a manager's caches can be trusted.</summary>
public sealed class RuntimeHealth
{
    /// <summary>A cache that has heard nothing for longer than this is not trusted.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(10);

    private readonly IReadOnlyList<IInformer> _informers;
    private readonly TimeProvider _time;
    private volatile string? _stopped;

    internal RuntimeHealth(IReadOnlyList<IInformer> informers, TimeProvider time)
    {
        _informers = informers;
        _time = time;
    }

    /// <summary>All caches are in sync and have heard from the API server lately.</summary>
    public HealthReport Ready
    {
        get
        {
            if (!Live.Ok)
                return Live;
            var complaints = _informers.Select(Complaint).OfType<string>().ToList();
            return complaints.Count == 0
                ? new HealthReport(true, $"All {_informers.Count} caches are in sync.")
                : new HealthReport(false, string.Join(' ', complaints));
        }
    }

    /// <summary>The manager has not come to an end; what an API server does or does not do never makes this false.</summary>
    public HealthReport Live
        => _stopped is { } why ? new HealthReport(false, $"The manager stopped: {why}") : new HealthReport(true, "The manager runs.");

    internal void NoteStopped(string why) => _stopped = why;

    private string? Complaint(IInformer informer)
    {
        var silence = _time.GetUtcNow() - informer.LastSignOfLife;
        return silence switch
        {
            null => $"The API server has not answered yet for {informer.Name}.",
            _ when !informer.HasSynced => $"The first list of {informer.Name} is not complete.",
            _ when silence > LongestSilence => $"Nothing was heard from the API server about {informer.Name} for {silence:hh\\:mm\\:ss}.",
            _ => null,
        };
    }
}
