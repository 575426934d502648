namespace CertOperator.Acme.Renewal;

/// <summary>When to renew.</summary>
/// <param name="RenewAt">Due if it lies in the past.</param>
/// <param name="NextCheck">When to ask the CA again; null for never: the certificate has expired, or the CA gives no information.</param>
/// <param name="Reason">Why then.</param>
public sealed record RenewalDecision(DateTimeOffset RenewAt, DateTimeOffset? NextCheck, RenewalReason Reason);
