namespace CertOperator.Issuers.Acme.Budgets;

/// <summary>What happened when, by what it is counted for.</summary>
internal sealed class SlidingWindow
{
    private const int SweepAt = 10_000;

    private readonly Dictionary<string, List<DateTimeOffset>> _times = [];

    public void Add(string counted, DateTimeOffset at, TimeSpan longest)
    {
        if (_times.Count > SweepAt)
            Sweep(at - longest);
        if (!_times.TryGetValue(counted, out List<DateTimeOffset>? times))
            _times[counted] = times = [];
        times.Add(at);
        if (times.Count > 1 && times[^2] > at)
            times.Sort();
    }

    /// <summary>When one more is within the rate, with others waiting that go first; null: now.</summary>
    public DateTimeOffset? FreeAt(string counted, Rate rate, int ahead, DateTimeOffset now)
    {
        if (!_times.TryGetValue(counted, out List<DateTimeOffset>? times))
            return ahead < rate.Count ? null : now + rate.Per;
        times.RemoveAll(time => time + rate.Per <= now);
        int excess = times.Count + ahead - rate.Count;
        if (excess < 0)
            return null;
        return excess < times.Count ? times[excess] + rate.Per : now + rate.Per;
    }

    /// <summary>How many happened within this time.</summary>
    public int Count(string counted, TimeSpan within, DateTimeOffset now)
        => _times.TryGetValue(counted, out List<DateTimeOffset>? times) ? times.Count(time => time + within > now) : 0;

    private void Sweep(DateTimeOffset before)
    {
        foreach (var (counted, times) in _times)
        {
            if (times.TrueForAll(time => time < before))
                _times.Remove(counted);
        }
    }
}
