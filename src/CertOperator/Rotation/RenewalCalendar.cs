using CertOperator.Runtime.Client;

namespace CertOperator.Rotation;

/// <summary>
/// When each certificate is to be renewed: within its range, where the others leave most room. So what had to be renewed together, made on
/// one day or after an outage of its CA, is apart after a rotation or two. It holds no truth: status keeps what was chosen, and a
/// time is chosen anew only when it lies outside of its range.
/// </summary>
internal sealed class RenewalCalendar
{
    private static readonly Comparer<(DateTimeOffset At, ObjectKey Certificate)> Order = Comparer<(DateTimeOffset At, ObjectKey Certificate)>.Create((one, other) =>
    {
        int order = one.At.CompareTo(other.At);
        order = order != 0 ? order : string.CompareOrdinal(one.Certificate.Namespace, other.Certificate.Namespace);
        return order != 0 ? order : string.CompareOrdinal(one.Certificate.Name, other.Certificate.Name);
    });

    /// <summary>What of the room there is to a neighbour is kept.</summary>
    private const double Distance = 0.8;

    /// <summary>Among so many others chance is even enough, and looking for room would be slow.</summary>
    private const int Crowd = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectKey, DateTimeOffset> _times = [];
    private readonly SortedSet<(DateTimeOffset At, ObjectKey Certificate)> _order = new(Order);

    /// <summary>The time of a certificate: the one that was chosen before, if it still lies in the range.</summary>
    /// <param name="certificate">Whose.</param>
    /// <param name="uid">Of the Certificate: clusters that were made together do not choose the same times.</param>
    /// <param name="range">When it may be.</param>
    /// <param name="known">What status tells; null if nothing.</param>
    /// <param name="now">Of a range that has begun, as many have that are adopted together, only the rest is chosen from.</param>
    public DateTimeOffset TimeOf(ObjectKey certificate, string uid, RenewalRange range, DateTimeOffset? known, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_times.TryGetValue(certificate, out DateTimeOffset chosen) && range.Contains(chosen))
                return chosen;
            Forget(certificate);
            DateTimeOffset time = known is { } told && range.Contains(told) ? told : Choose(range.Latest > now ? range.From(now) : range, uid);
            _times[certificate] = time;
            _order.Add((time, certificate));
            return time;
        }
    }

    /// <summary>The certificate is gone.</summary>
    public void Remove(ObjectKey certificate)
    {
        lock (_lock)
            Forget(certificate);
    }

    private void Forget(ObjectKey certificate)
    {
        if (_times.Remove(certificate, out DateTimeOffset time))
            _order.Remove((time, certificate));
    }

    /// <summary>Far from the others on both sides, those just outside of the range too: in a gap between two, about its middle.</summary>
    private DateTimeOffset Choose(RenewalRange range, string uid)
    {
        if (range.Earliest == range.Latest)
            return range.Latest;
        TimeSpan around = (range.Latest - range.Earliest) / 4;
        DateTimeOffset?[] others =
        [
            null,
            .. _order.GetViewBetween((range.Earliest - around, default), (range.Latest + around, default)).Take(Crowd).Select(other => (DateTimeOffset?)other.At),
            null,
        ];
        return (others.Length - 2 == Crowd ? range : Roomiest(range, others)).At(RenewalPolicy.Fraction(uid));
    }

    /// <summary>The part of a range that is far from others, which are in order, with null at both ends.</summary>
    private static RenewalRange Roomiest(RenewalRange range, DateTimeOffset?[] others)
    {
        RenewalRange roomiest = range;
        TimeSpan most = TimeSpan.MinValue;
        for (int next = 1; next < others.Length; next++)
        {
            var (before, after) = (others[next - 1], others[next]);
            TimeSpan room = Room(range, before, after);
            if (room <= most)
                continue;
            most = room;
            roomiest = before is { } left ? range.From(left + (room * Distance)) : range;
            roomiest = after is { } right ? roomiest.Until(right - (room * Distance)) : roomiest;
        }

        return roomiest;
    }

    /// <summary>How far from both neighbours a moment of the range can be.</summary>
    private static TimeSpan Room(RenewalRange range, DateTimeOffset? before, DateTimeOffset? after)
    {
        if (before is not { } left)
            return after is { } first ? first - range.Earliest : TimeSpan.MaxValue;
        if (after is not { } right)
            return range.Latest - left;
        DateTimeOffset middle = left + ((right - left) / 2);
        middle = middle < range.Earliest ? range.Earliest : middle > range.Latest ? range.Latest : middle;
        return middle - left < right - middle ? middle - left : right - middle;
    }
}
