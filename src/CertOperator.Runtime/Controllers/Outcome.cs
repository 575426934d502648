namespace CertOperator.Runtime.Controllers;

/// <summary>How a reconciliation ended that did not fail.</summary>
public readonly record struct Outcome
{
    private Outcome(TimeSpan? again) => Again = again;

    /// <summary>Nothing to do until something changes.</summary>
    public static Outcome Done => default;

    /// <summary>When to look again even if nothing changes; null: never.</summary>
    public TimeSpan? Again { get; }

    /// <summary>Look again after this time.</summary>
    public static Outcome After(TimeSpan delay) => new(delay);
}
