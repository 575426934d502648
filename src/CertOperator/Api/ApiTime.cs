namespace CertOperator.Api;

/// <summary>The API keeps whole seconds.</summary>
internal static class ApiTime
{
    /// <summary>The first whole second that is not before a time: nothing is to be done before the time that was asked for.</summary>
    public static DateTimeOffset NotBefore(DateTimeOffset time)
        => time.Ticks % TimeSpan.TicksPerSecond is var rest and > 0 ? time.AddTicks(TimeSpan.TicksPerSecond - rest) : time;
}
