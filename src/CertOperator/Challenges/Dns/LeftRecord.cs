namespace CertOperator.Challenges.Dns;

/// <summary>A TXT record whose challenge is over and that could not be removed.</summary>
/// <param name="Challenge">Whose answer it is.</param>
/// <param name="Since">When that was tried first.</param>
internal sealed record LeftRecord(ChallengeTask Challenge, DateTimeOffset Since);
