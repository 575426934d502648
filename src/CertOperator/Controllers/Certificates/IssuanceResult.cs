using CertOperator.Issuers;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Certificates;

/// <summary>What came of carrying out a plan: one of three.</summary>
/// <param name="Stored">The Secret as it is stored now.</param>
/// <param name="Failed">Why it was left as it is.</param>
/// <param name="Pending">What is under way.</param>
internal sealed record IssuanceResult(SecretFacts? Stored, IssuanceStep.Failed? Failed, IssuanceStep.Pending? Pending)
{
    public static IssuanceResult Success(SecretFacts stored) => new(stored, null, null);

    public static IssuanceResult Failure(string reason, string message) => new(null, new IssuanceStep.Failed(reason, message), null);

    public static IssuanceResult Of(IssuanceStep.Failed failed) => new(null, failed, null);

    public static IssuanceResult Of(IssuanceStep.Pending pending) => new(null, null, pending);
}
