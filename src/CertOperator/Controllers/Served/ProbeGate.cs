using System.Net;

namespace CertOperator.Controllers.Served;

/// <summary>
/// Lets handshakes through to an address one at a time and with a gap between them. Who has to wait gets a place in the line, so that
/// thousands behind one address come one after the other and not all again at once. Thread-safe.
/// </summary>
internal sealed class ProbeGate(TimeSpan gap)
{
    /// <summary>For how long a failure of an address is that of all who come.</summary>
    private static readonly TimeSpan FailureHolds = TimeSpan.FromSeconds(15);

    /// <summary>More lines than these are swept of those that nobody stands in.</summary>
    private const int Sweep = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, Line> _lines = [];

    /// <summary>Enters, or takes a place in the line.</summary>
    /// <param name="addresses">All that are to be connected to.</param>
    /// <param name="hasPlace">It is the time of a place that was given before.</param>
    /// <param name="now">The time.</param>
    /// <returns>Null: go, and <see cref="Leave"/> in the end. Otherwise when to come back.</returns>
    public DateTimeOffset? Enter(IReadOnlyCollection<IPAddress> addresses, bool hasPlace, DateTimeOffset now)
    {
        lock (_lock)
        {
            Line[] lines = [.. addresses.Select(LineOf)];
            DateTimeOffset free = lines.Max(line => line.Next);
            bool isBusy = Array.Exists(lines, line => line.IsBusy);
            if (!isBusy && (hasPlace || free <= now))
            {
                foreach (Line line in lines)
                    (line.IsBusy, line.Next) = (true, line.Next > now + gap ? line.Next : now + gap);
                return null;
            }

            DateTimeOffset place = free > now + gap ? free : now + gap;
            foreach (Line line in lines)
                line.Next = place + gap;
            if (_lines.Count > Sweep)
                Clear(now);
            return place;
        }
    }

    /// <summary>What came of the last handshake with an address, if that was a failure a moment ago that others need not try.</summary>
    public SightingOutcome? FailureOf(IPAddress address, DateTimeOffset now)
    {
        lock (_lock)
            return _lines.GetValueOrDefault(address)?.Failure is { } failure && now < failure.At + FailureHolds ? failure.Outcome : null;
    }

    /// <summary>After the handshakes.</summary>
    public void Leave(IReadOnlyCollection<IPAddress> addresses, IReadOnlyCollection<Sighting> sightings)
    {
        lock (_lock)
        {
            foreach (IPAddress address in addresses)
                LineOf(address).IsBusy = false;
            foreach (Sighting sighting in sightings.Where(sighting => sighting.Address is not null))
                LineOf(sighting.Address!).Failure = sighting.IsOfAddress ? (sighting.At, sighting.Outcome) : null;
        }
    }

    private Line LineOf(IPAddress address)
    {
        if (!_lines.TryGetValue(address, out Line? line))
            _lines[address] = line = new Line();
        return line;
    }

    private void Clear(DateTimeOffset now)
    {
        foreach (var (address, _) in _lines.Where(pair => !pair.Value.IsBusy && pair.Value.Next < now - FailureHolds).ToList())
            _lines.Remove(address);
    }

    private sealed class Line
    {
        public DateTimeOffset Next { get; set; }

        public bool IsBusy { get; set; }

        public (DateTimeOffset At, SightingOutcome Outcome)? Failure { get; set; }
    }
}
