namespace CertOperator.Acme.Renewal;

/// <summary>When to renew without the CA's advice, and how long its advice may be followed.</summary>
public sealed record RenewalPolicy
{
    /// <summary>Lifetimes below this are short.</summary>
    public static readonly TimeSpan ShortLifetime = TimeSpan.FromDays(10);

    /// <summary>Time left at which to renew where the CA says nothing; null for a third of the lifetime, or half of a short one.</summary>
    public TimeSpan? RenewBefore { get; init; }
}
