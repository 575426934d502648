namespace CertOperator.Runtime.Queues;

/// <summary>Which of several ready keys is taken first.</summary>
public enum Priority
{
    /// <summary>Nobody waits for it: the first sight of everything after a start, and timers.</summary>
    Low,

    /// <summary>Something changed, so somebody may be watching.</summary>
    High,
}
