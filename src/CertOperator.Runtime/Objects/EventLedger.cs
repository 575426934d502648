using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.Objects;

/// <summary>
/// What was written lately: finds the event that a new one repeats, and limits each object to a burst of 25 writes and one
/// per five minutes after that, as client-go does. Holds a bounded number of objects. Not thread-safe.
/// </summary>
internal sealed class EventLedger(TimeProvider time)
{
    private const int Burst = 25;
    private const int Most = 10_000;
    private static readonly TimeSpan Refill = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan SameFor = TimeSpan.FromMinutes(10);

    private readonly Dictionary<EventNote, Written> _written = new(SameWords.Instance);
    private readonly Dictionary<ObjectReference, Bucket> _buckets = [];

    /// <summary>The event that says the same, if it happened shortly before; notes may have waited before they are written.</summary>
    public Written? Find(EventNote note)
        => _written.GetValueOrDefault(note) is { } written && note.At - written.At < SameFor ? written : null;

    public void Remember(EventNote note, ObjectKey key, int count)
    {
        if (_written.Count >= Most)
            Prune(_written, written => time.GetUtcNow() - written.At >= SameFor);
        _written[note] = new Written(key, count, note.At);
    }

    /// <summary>Whether one more write about this object is allowed; counts it.</summary>
    public bool TrySpend(EventNote note)
    {
        if (_buckets.Count >= Most)
            Prune(_buckets, bucket => Tokens(bucket) >= Burst);
        var about = note.About with { ResourceVersion = null };
        var tokens = _buckets.TryGetValue(about, out var bucket) ? Tokens(bucket) : Burst;
        if (tokens < 1)
            return false;
        _buckets[about] = new Bucket(tokens - 1, time.GetUtcNow());
        return true;
    }

    private static void Prune<TKey, TValue>(Dictionary<TKey, TValue> entries, Func<TValue, bool> isStale)
        where TKey : notnull
    {
        foreach (var key in entries.Where(entry => isStale(entry.Value)).Select(entry => entry.Key).ToList())
            entries.Remove(key);
        // Forgetting costs a repeated event at worst; growing without bound costs the process.
        if (entries.Count >= Most)
            entries.Clear();
    }

    private double Tokens(Bucket bucket) => Math.Min(Burst, bucket.Tokens + (time.GetUtcNow() - bucket.At) / Refill);

    internal sealed record Written(ObjectKey Key, int Count, DateTimeOffset At);

    private readonly record struct Bucket(double Tokens, DateTimeOffset At);

    /// <summary>Two notes are the same if they differ in time alone.</summary>
    private sealed class SameWords : IEqualityComparer<EventNote>
    {
        public static readonly SameWords Instance = new();

        public bool Equals(EventNote? x, EventNote? y) => Words(x!) == Words(y!);

        public int GetHashCode(EventNote obj) => Words(obj).GetHashCode();

        private static EventNote Words(EventNote note) => note with { At = default, About = note.About with { ResourceVersion = null } };
    }
}
