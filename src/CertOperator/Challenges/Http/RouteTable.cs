using CertOperator.Runtime.Client;

namespace CertOperator.Challenges.Http;

/// <summary>Which challenges' requests are sent to the operator by now, as far as the API server is concerned.</summary>
internal sealed class RouteTable
{
    private volatile Dictionary<ChallengeId, RouteState> _routes = [];

    /// <summary>There is something new to tell of a challenge of this Certificate.</summary>
    public event Action<ObjectKey>? Changed;

    /// <summary>Null until the challenge was seen.</summary>
    public RouteState? Find(ChallengeId challenge) => _routes.GetValueOrDefault(challenge);

    /// <summary>Replaces all. Not from two threads at once.</summary>
    /// <param name="routes">Those wanted.</param>
    /// <param name="problems">What kept their objects from being written, one sentence each.</param>
    /// <param name="now">Since when those are there that were not before.</param>
    public void Set(IReadOnlyDictionary<ChallengeId, Route> routes, IReadOnlyDictionary<(ResourceType, ObjectKey), string> problems, DateTimeOffset now)
    {
        Dictionary<ChallengeId, RouteState> before = _routes;
        _routes = routes.ToDictionary(pair => pair.Key, pair =>
        {
            string? problem = pair.Value.Type is { } type ? problems.GetValueOrDefault((type, pair.Value.Object)) : null;
            RouteState? known = before.GetValueOrDefault(pair.Key);
            bool isNew = known is null || known.Problem is not null || known.Route != pair.Value;
            return new RouteState(pair.Value, problem, isNew ? now : known!.Since);
        });
        foreach (ObjectKey certificate in _routes.Where(pair => before.GetValueOrDefault(pair.Key) != pair.Value).Select(pair => pair.Key.Certificate).Distinct())
            Changed?.Invoke(certificate);
    }
}

/// <param name="Route">The way of the requests.</param>
/// <param name="Problem">Why it is not there; null if it is.</param>
/// <param name="Since">Since when this is so.</param>
internal sealed record RouteState(Route Route, string? Problem, DateTimeOffset Since);
