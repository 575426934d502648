using CertOperator.Secrets;

namespace CertOperator.Controllers.Certificates;

/// <summary>What came of carrying out a plan: the Secret as it is stored now, or why it was left as it is.</summary>
/// <param name="Stored">Null for a failure.</param>
/// <param name="Reason">CamelCase word of the failure.</param>
/// <param name="Message">What happened, whose fault it is, what to do next.</param>
internal sealed record IssuanceResult(SecretFacts? Stored, string Reason, string Message)
{
    public static IssuanceResult Success(SecretFacts stored) => new(stored, "", "");

    public static IssuanceResult Failure(string reason, string message) => new(null, reason, message);
}
