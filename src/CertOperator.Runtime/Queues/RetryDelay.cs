using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.Queues;

/// <summary>How long a failed call asks to wait.</summary>
internal static class RetryDelay
{
    // A server that asks for more than this is broken or hostile.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>What the server asked for, within reason; zero if nothing.</summary>
    public static TimeSpan AskedFor(Exception exception)
        => exception is KubeException { RetryAfter: { } asked } ? (asked < Longest ? asked : Longest) : TimeSpan.Zero;

    /// <summary>The longer one of our own wait and the server's.</summary>
    public static TimeSpan AtLeast(TimeSpan own, Exception exception)
    {
        var asked = AskedFor(exception);
        return asked > own ? asked : own;
    }
}
