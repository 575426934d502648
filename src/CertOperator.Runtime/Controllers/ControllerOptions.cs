using CertOperator.Runtime.Queues;

namespace CertOperator.Runtime.Controllers;

/// <summary>How hard a controller works.</summary>
public sealed record ControllerOptions
{
    /// <summary>Keys worked on at the same time.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>An attempt that takes longer is cancelled and counts as failed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Waits between the failures of one key.</summary>
    public Backoff Backoff { get; init; } = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromMinutes(5));
}
