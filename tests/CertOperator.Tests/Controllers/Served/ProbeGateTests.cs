using System.Net;

namespace CertOperator.Controllers.Served;

/// <summary>Who may connect when.</summary>
public sealed class ProbeGateTests
{
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(200);
    private static readonly IPAddress[] One = [IPAddress.Parse("10.0.0.1")], Two = [IPAddress.Parse("10.0.0.2")], Both = [.. One, .. Two];

    private readonly ProbeGate _gate = new(Gap);

    [Fact]
    public void One_is_let_in_at_a_time_and_the_others_stand_in_line()
    {
        Assert.Null(Enter(One, 0));
        Assert.Equal(200, Enter(One, 0));
        Assert.Equal(400, Enter(One, 0));
        Assert.Null(Enter(Two, 0));
        // The time of a place comes, and the first one is not out yet: back to the end of the line.
        Assert.Equal(600, Enter(One, 200, hasPlace: true));
        _gate.Leave(One, []);
        Assert.Null(Enter(One, 400, hasPlace: true));
    }

    [Fact]
    public void Between_two_there_is_a_gap()
    {
        Assert.Null(Enter(One, 0));
        _gate.Leave(One, []);
        Assert.Equal(300, Enter(One, 100));
        Assert.Null(Enter(One, 300, hasPlace: true));
        _gate.Leave(One, []);
        Assert.Null(Enter(One, 1000));
    }

    [Fact]
    public void A_name_of_several_addresses_waits_for_all_of_them()
    {
        Assert.Null(Enter(Two, 0));
        Assert.Equal(200, Enter(Both, 0));
        Assert.Equal(400, Enter(One, 0));
        _gate.Leave(Two, []);
        Assert.Null(Enter(Both, 200, hasPlace: true));
    }

    [Fact]
    public void A_failure_of_an_address_is_that_of_all_for_a_moment()
    {
        Assert.Null(Enter(One, 0));
        _gate.Leave(One, [new Sighting(At(0), SightingOutcome.TimedOut, One[0])]);
        Assert.Equal(SightingOutcome.TimedOut, _gate.FailureOf(One[0], At(14_999)));
        Assert.Null(_gate.FailureOf(One[0], At(15_000)));
        Assert.Null(_gate.FailureOf(Two[0], At(0)));

        // What comes of a handshake says nothing of other hosts.
        Assert.Null(Enter(One, 1000, hasPlace: true));
        _gate.Leave(One, [new Sighting(At(1000), SightingOutcome.NoTls, One[0])]);
        Assert.Null(_gate.FailureOf(One[0], At(1000)));
    }

    [Fact]
    public void Thousands_behind_one_address_are_no_storm()
    {
        const int Fleet = 5000;
        ServedOptions options = Some.Options;
        ServedScope scope = Some.Scope();
        var records = new ServedRecord[Fleet];
        var queue = new PriorityQueue<int, DateTimeOffset>();
        for (int i = 0; i < Fleet; i++)
        {
            records[i] = ServedRecord.Of(null, Some.Certificate(uid: $"uid-{i}"), Some.Stored, scope, Fleet, Some.Now, options);
            queue.Enqueue(i, records[i].Next.State.Due);
        }

        // Each handshake takes 50 ms. All are found for the first time, then asked every hour; after two hours all are rotated at once.
        var asked = new List<(int Certificate, DateTimeOffset At)>();
        DateTimeOffset busyUntil = DateTimeOffset.MinValue, rotation = Some.Now.AddHours(2), end = Some.Now.AddHours(4);
        bool isRotated = false;
        int wakings = 0;
        while (queue.TryDequeue(out int i, out DateTimeOffset now) && now < end)
        {
            if (now >= rotation && !isRotated)
            {
                isRotated = true;
                records = [.. records.Select((record, number) => ServedRecord.Of(record, Some.Certificate(uid: $"uid-{number}"), Some.Facts("BB"), scope, Fleet, now, options))];
                queue.Clear();
                for (int number = 0; number < Fleet; number++)
                    queue.Enqueue(number, records[number].Next.State.Due);
                continue;
            }

            wakings++;
            if (busyUntil <= now)
                _gate.Leave(One, []);
            TargetState state = records[i].Next.State;
            DateTimeOffset? place = _gate.Enter(One, state.HasPlace, now);
            if (place is null)
            {
                busyUntil = now.AddMilliseconds(50);
                asked.Add((i, now));
            }

            records[i] = place is { } until
                ? records[i].With(Some.Target, state with { Due = until, HasPlace = true })
                : records[i].With(Some.Target, Some.Sight(now, isRotated ? "BB" : "AA"), options);
            queue.Enqueue(i, records[i].Next.State.Due);
        }

        Assert.Equal(Fleet, asked.Where(each => each.At < Some.Now.AddHours(1)).Select(each => each.Certificate).Distinct().Count());
        for (int n = 1; n < asked.Count; n++)
            Assert.True(asked[n].At - asked[n - 1].At >= Gap - TimeSpan.FromMilliseconds(1), $"{asked[n - 1].At:O} and {asked[n].At:O}");
        // The rotation of all takes the address a quarter of an hour, one after the other.
        Assert.Equal(Fleet, asked.Where(each => each.At >= rotation && each.At < rotation.AddMinutes(20)).Select(each => each.Certificate).Distinct().Count());
        // Nobody comes back in vain more than a few times.
        Assert.InRange(wakings, asked.Count, 3 * asked.Count);
        Assert.InRange(asked.Count, 4 * Fleet, 6 * Fleet);
    }

    private double? Enter(IPAddress[] addresses, int milliseconds, bool hasPlace = false) => (_gate.Enter(addresses, hasPlace, At(milliseconds)) - Some.Now)?.TotalMilliseconds;

    private static DateTimeOffset At(int milliseconds) => Some.Now.AddMilliseconds(milliseconds);
}
