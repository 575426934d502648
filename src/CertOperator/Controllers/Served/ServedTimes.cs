using CertOperator.Rotation;

namespace CertOperator.Controllers.Served;

/// <summary>When it is asked what is served. Pure.</summary>
internal static class ServedTimes
{
    /// <summary>Most ingress controllers take up a Secret within seconds.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(5);

    /// <summary>
    /// While all is well each target has its own moment in every interval, whatever happens to the operator: restarts and
    /// other replicas agree on it.
    /// </summary>
    public static DateTimeOffset Regular(string uid, ServedTarget target, DateTimeOffset now, TimeSpan interval)
    {
        long period = interval.Ticks, phase = (long)(Share(uid, target) * period);
        return now.AddTicks(period - ((now.UtcTicks - phase) % period));
    }

    /// <summary>For one that nothing is known of and nobody waits for: spread so that all of the fleet fit behind one address.</summary>
    public static DateTimeOffset First(string uid, ServedTarget target, DateTimeOffset now, int fleet, ServedOptions options)
    {
        TimeSpan spread = options.Gap * 2 * fleet;
        return now + Soon + ((spread < options.Interval ? spread : options.Interval) * Share(uid, target));
    }

    /// <summary>
    /// For one that was not seen to be right: soon, and then the rarer the longer that has been so. A moment after the grace is always
    /// among them, since only what is seen then counts.
    /// </summary>
    public static DateTimeOffset Again(DateTimeOffset wrongSince, DateTimeOffset now, ServedOptions options)
    {
        TimeSpan wait = (now - wrongSince) / 2, most = options.Interval / 4;
        wait = wait > most ? most : wait;
        wait = wait < LeastWait ? LeastWait : wait;
        DateTimeOffset graceEnd = wrongSince + options.Grace;
        return now < graceEnd && now + wait > graceEnd ? graceEnd : now + wait;
    }

    private static double Share(string uid, ServedTarget target) => RenewalPolicy.Fraction($"{uid}/{target.Host}/{target.Address}");
}
