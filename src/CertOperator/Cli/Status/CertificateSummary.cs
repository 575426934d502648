using CertOperator.Api;
using CertOperator.Runtime.Objects;

namespace CertOperator.Cli.Status;

/// <summary>One Certificate in the table of all.</summary>
internal sealed record CertificateSummary
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required bool Ready { get; init; }

    /// <summary>True, False or Unknown: whether it is what clients are served; null where nobody verifies that.</summary>
    public string? Served { get; init; }

    /// <summary>CamelCase word: of the condition Ready or Served if one is false, else of Issuing.</summary>
    public required string Reason { get; init; }

    public required string Message { get; init; }

    /// <summary>Kind/name, as in the spec.</summary>
    public required string Issuer { get; init; }

    /// <summary>Kind/name of the issuer that signed what is stored.</summary>
    public string? SignedBy { get; init; }

    public required string SecretName { get; init; }

    /// <summary>DNS names, addresses, URIs and mail addresses, as in the spec.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    public DateTimeOffset? NotAfter { get; init; }

    public DateTimeOffset? RenewalTime { get; init; }

    public DateTimeOffset? NextAttemptTime { get; init; }

    public static CertificateSummary Of(Certificate certificate)
    {
        CertificateStatus? status = certificate.Status;
        Condition? ready = Conditions.Find(status?.Conditions, ConditionTypes.Ready);
        bool isReady = ready?.Status == ConditionTypes.True;
        Condition? served = Conditions.Find(status?.Conditions, ConditionTypes.Served);
        // A certificate that is good may still not be what clients are served, or not be renewed as it should be.
        Condition? shown = !isReady ? ready : served?.Status == ConditionTypes.False ? served : Conditions.Find(status?.Conditions, ConditionTypes.Issuing) ?? ready;
        return new CertificateSummary
        {
            Namespace = certificate.Metadata.Namespace ?? "",
            Name = certificate.Metadata.Name ?? "",
            Ready = isReady,
            Served = served?.Status,
            Reason = shown?.Reason ?? "Pending",
            Message = shown?.Message ?? "The operator has not looked at it yet: does it run?",
            Issuer = certificate.Spec?.IssuerRef.ToString() ?? "",
            SignedBy = status?.Issuer is { } signer ? $"{signer.Kind}/{signer.Name}" : null,
            SecretName = certificate.Spec?.SecretName ?? "",
            Names = certificate.Spec is { } spec ? [.. spec.DnsNames ?? [], .. spec.IpAddresses ?? [], .. spec.Uris ?? [], .. spec.EmailAddresses ?? []] : [],
            NotAfter = status?.NotAfter,
            RenewalTime = status?.RenewalTime,
            NextAttemptTime = status?.NextAttemptTime,
        };
    }

    /// <summary><c>namespace/name</c>.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}
