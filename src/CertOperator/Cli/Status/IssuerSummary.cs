using CertOperator.Api;
using CertOperator.Runtime.Objects;

namespace CertOperator.Cli.Status;

/// <summary>Whether an issuer can sign, and why not.</summary>
internal sealed record IssuerSummary(string Kind, string? Namespace, string Name, bool Ready, string Reason, string Message)
{
    public static IssuerSummary Of(IIssuerObject issuer)
    {
        Condition? ready = Conditions.Find(issuer.Status?.Conditions, ConditionTypes.Ready);
        return new IssuerSummary(
            issuer.Kind,
            issuer.Metadata.Namespace,
            issuer.Metadata.Name ?? "",
            ready?.Status == ConditionTypes.True,
            ready?.Reason ?? "Pending",
            ready?.Message ?? "The operator has not looked at it yet: does it run?");
    }

    /// <summary><c>Issuer shop/ca</c>, <c>ClusterIssuer company</c>.</summary>
    public override string ToString() => Namespace is null ? $"{Kind} {Name}" : $"{Kind} {Namespace}/{Name}";
}
