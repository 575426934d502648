using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Issuers;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Certificates;

/// <summary>What came of carrying out a plan: one of three.</summary>
/// <param name="Stored">The Secret as it is stored now.</param>
/// <param name="Failed">Why it was left as it is.</param>
/// <param name="Pending">What is under way.</param>
internal sealed record IssuanceResult(SecretFacts? Stored, IssuanceStep.Failed? Failed, IssuanceStep.Pending? Pending)
{
    /// <summary>Neither was anything stored, nor did an issuance fail.</summary>
    public static readonly IssuanceResult Nothing = new(null, null, null);

    /// <summary>What could not be done as settings or spec say, in sentences; null if nothing.</summary>
    public string? Advice { get; init; }

    /// <summary>The former key pairs that are kept; null if they are as they were.</summary>
    public IReadOnlyList<FormerRevision>? History { get; init; }

    /// <summary>The answer to the user's request to put a former key pair back.</summary>
    public RollbackStatus? Rollback { get; init; }

    public IssuanceResult Advised(string? advice) => this with { Advice = advice is null || Advice is null ? advice ?? Advice : $"{advice} {Advice}" };

    /// <summary>Advises to prolong what the next renewal needs and will not find.</summary>
    public IssuanceResult WithLapse(Situation situation, Lapse? lapse)
        => lapse is not null && Stored is not null && (situation with { Secret = Stored }).RenewalTime is { } renewal && lapse.At <= renewal
            ? Advised($"The TXT record {lapse.Record} ends at {lapse.At:u}, before the renewal at {renewal:u}: set one that ends later, or never.")
            : this;

    public static IssuanceResult Success(SecretFacts stored) => new(stored, null, null);

    public static IssuanceResult Failure(string reason, string message) => new(null, new IssuanceStep.Failed(reason, message), null);

    public static IssuanceResult Of(IssuanceStep.Failed failed) => new(null, failed, null);

    public static IssuanceResult Of(IssuanceStep.Pending pending) => new(null, null, pending);
}
