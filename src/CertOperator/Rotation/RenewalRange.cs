namespace CertOperator.Rotation;

/// <summary>Within it, one moment is as good as another for a renewal. Both ends belong to it.</summary>
/// <param name="Earliest">Whole seconds, as the API keeps them.</param>
/// <param name="Latest">Whole seconds; <paramref name="Earliest"/> if it is to be that moment.</param>
internal readonly record struct RenewalRange(DateTimeOffset Earliest, DateTimeOffset Latest)
{
    /// <summary>From two moments of any precision, in any order: the later one is the end that counts.</summary>
    public static RenewalRange Between(DateTimeOffset earliest, DateTimeOffset latest)
        => new(Truncate(earliest < latest ? earliest : latest), Truncate(latest));

    public static RenewalRange Exactly(DateTimeOffset time) => Between(time, time);

    public bool Contains(DateTimeOffset time) => time >= Earliest && time <= Latest;

    /// <param name="share">0 is the earliest moment, 1 the latest.</param>
    public DateTimeOffset At(double share) => Truncate(Earliest + ((Latest - Earliest) * share));

    /// <summary>What of it is not before a moment; that moment, if nothing is.</summary>
    public RenewalRange From(DateTimeOffset time) => Between(Earliest > time ? Earliest : time, Latest > time ? Latest : time);

    /// <summary>What of it is not after a moment; that moment, if nothing is.</summary>
    public RenewalRange Until(DateTimeOffset time) => Between(Earliest < time ? Earliest : time, Latest < time ? Latest : time);

    private static DateTimeOffset Truncate(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));
}
