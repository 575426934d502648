using CertOperator.Api;

namespace CertOperator.Rotation;

/// <summary>What happened in a simulated year.</summary>
internal sealed class YearRecord
{
    /// <summary>A CA that was up for so long between the renewal time and the end was up for long enough.</summary>
    public static readonly TimeSpan LongEnough = TimeSpan.FromHours(2);

    private readonly Dictionary<string, Held> _held = [];
    private readonly List<(string Issuer, DateTimeOffset From, DateTimeOffset To)> _down = [];

    private readonly List<Renewal> _renewals = [];

    /// <summary>When a certificate was issued that replaces another.</summary>
    public IReadOnlyList<DateTimeOffset> Renewals => [.. _renewals.Select(renewal => renewal.At)];

    /// <summary>When a name was ordered.</summary>
    public List<(string Name, DateTimeOffset At)> Orders { get; } = [];

    /// <summary>Certificates that were expired though their CA was up for long enough.</summary>
    public HashSet<string> Missed { get; } = [];

    /// <summary>
    /// The renewals that happened neither while a CA was down nor in the day after, of certificates that were not made then either:
    /// those that had to wait together are due together once more.
    /// </summary>
    public IEnumerable<DateTimeOffset> UndisturbedRenewals
        => from renewal in _renewals where !IsDisturbed(renewal.At) && !IsDisturbed(renewal.OfOneMadeAt) select renewal.At;

    /// <summary>How long certificates were expired whose CA was not up for long enough, after it was up again.</summary>
    public TimeSpan LongestRecovery { get; private set; }

    public int Expired { get; private set; }

    public int Issued { get; private set; }

    public int Steps { get; private set; }

    public int Count => _held.Count;

    public void Down(IEnumerable<string> issuers, DateTimeOffset from, DateTimeOffset to)
    {
        foreach (string issuer in issuers)
            _down.Add((issuer, from, to));
    }

    public void Ordered(string name, DateTimeOffset at)
    {
        lock (Orders)
            Orders.Add((name, at));
    }

    /// <summary>The time goes from one moment to another with the certificates that are stored.</summary>
    public void Pass(DateTimeOffset from, DateTimeOffset to)
    {
        Steps++;
        foreach (var (name, held) in _held.Where(entry => entry.Value.NotAfter < to))
        {
            if (held.NotAfter >= from)
                Expired++;
            if (Up(held.Issuer, held.RenewalTime, held.NotAfter) >= LongEnough)
                Missed.Add($"{name}, to be renewed at {held.RenewalTime:u}, ended at {held.NotAfter:u}");
            TimeSpan recovery = Up(held.Issuer, held.NotAfter, to);
            LongestRecovery = recovery > LongestRecovery ? recovery : LongestRecovery;
        }
    }

    /// <summary>A Certificate as it is now.</summary>
    public void Note(Certificate certificate, DateTimeOffset now)
    {
        if (certificate is not { Metadata.Name: { } name, Spec: { } spec, Status: { Fingerprint: { } fingerprint, NotAfter: { } notAfter, RenewalTime: { } renewal } })
            return;
        Held? held = _held.GetValueOrDefault(name);
        if (held?.Fingerprint == fingerprint)
            return;
        _held[name] = new Held(fingerprint, spec.IssuerRef.Name, now, renewal, notAfter);
        Issued++;
        if (held is not null)
            _renewals.Add(new Renewal(now, held.MadeAt));
    }

    /// <summary>The most of some moments that lie in any stretch of a length.</summary>
    public static int Most(IEnumerable<DateTimeOffset> moments, TimeSpan length)
    {
        DateTimeOffset[] sorted = [.. moments.Order()];
        int most = 0;
        for (int first = 0, last = 0; last < sorted.Length; last++)
        {
            while (sorted[first] <= sorted[last] - length)
                first++;
            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    /// <summary>How long a CA was up between two moments.</summary>
    private TimeSpan Up(string issuer, DateTimeOffset from, DateTimeOffset to)
    {
        if (to <= from)
            return TimeSpan.Zero;
        long down = _down.Where(outage => outage.Issuer == issuer)
            .Sum(outage => Math.Max(0, Math.Min(outage.To.UtcTicks, to.UtcTicks) - Math.Max(outage.From.UtcTicks, from.UtcTicks)));
        return to - from - TimeSpan.FromTicks(down);
    }

    private bool IsDisturbed(DateTimeOffset at) => _down.Exists(outage => outage.From <= at && at < outage.To + TimeSpan.FromDays(1));

    private sealed record Renewal(DateTimeOffset At, DateTimeOffset OfOneMadeAt);

    private sealed record Held(string Fingerprint, string Issuer, DateTimeOffset MadeAt, DateTimeOffset RenewalTime, DateTimeOffset NotAfter);
}
