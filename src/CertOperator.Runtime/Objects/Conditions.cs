namespace CertOperator.Runtime.Objects;

/// <summary>The list of conditions of a status: one entry per type.</summary>
public static class Conditions
{
    /// <summary>The condition of this type; null if there is none.</summary>
    public static Condition? Find(IReadOnlyList<Condition>? conditions, string type)
        => conditions?.FirstOrDefault(condition => condition.Type == type);

    /// <summary>Whether the condition of this type is <c>True</c>.</summary>
    public static bool IsTrue(IReadOnlyList<Condition>? conditions, string type) => Find(conditions, type)?.Status == "True";

    /// <summary>
    /// The list with <paramref name="wanted"/> in it, in the place of the former one of its type. Its lastTransitionTime is
    /// <paramref name="now"/> in whole seconds if the status changes, else the former one's.
    /// </summary>
    public static IReadOnlyList<Condition> Set(IReadOnlyList<Condition>? conditions, Condition wanted, DateTimeOffset now)
    {
        var former = Find(conditions, wanted.Type);
        var since = former?.Status == wanted.Status ? former.LastTransitionTime : null;
        var set = wanted with { LastTransitionTime = since ?? WholeSeconds(now) };
        return former is null
            ? [.. conditions ?? [], set]
            : [.. conditions!.Select(condition => ReferenceEquals(condition, former) ? set : condition)];
    }

    /// <summary>Whether both lists say the same in the same order, times included.</summary>
    public static bool Same(IReadOnlyList<Condition>? a, IReadOnlyList<Condition>? b) => (a ?? []).SequenceEqual(b ?? []);

    private static DateTimeOffset WholeSeconds(DateTimeOffset time)
        => new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerSecond, TimeSpan.Zero);
}
