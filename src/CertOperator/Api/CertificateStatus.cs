using System.ComponentModel;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Schema;

namespace CertOperator.Api;

/// <summary>Status of a Certificate. Every sentence says what happened, to which name, whose fault it is and what to do.</summary>
internal sealed record CertificateStatus
{
    [Description("Ready: the Secret holds a verified, unexpired key pair that satisfies the spec. Issuing: work is going on, or why it is not.")]
    [KubeListMap("type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }

    [Description("Start of the validity of the stored certificate.")]
    public DateTimeOffset? NotBefore { get; init; }

    [Description("End of the validity of the stored certificate.")]
    public DateTimeOffset? NotAfter { get; init; }

    [Description("When it will be renewed.")]
    public DateTimeOffset? RenewalTime { get; init; }

    [Description("How many times it was issued.")]
    public int? Revision { get; init; }

    [Description("Serial number of the stored certificate, hexadecimal.")]
    public string? SerialNumber { get; init; }

    [Description("SHA-256 of the stored leaf certificate, hexadecimal.")]
    public string? Fingerprint { get; init; }

    [Description("The issuer that really signed.")]
    public StatusIssuer? Issuer { get; init; }

    [Description("Failures since the last success.")]
    public int? FailedIssuanceAttempts { get; init; }

    [Description("When the last attempt failed.")]
    public DateTimeOffset? LastFailureTime { get; init; }

    [Description("When the next attempt is made; earlier when the spec or the issuer changes.")]
    public DateTimeOffset? NextAttemptTime { get; init; }

    [Description("Which spec and which issuer the last attempt failed with; when either is another one now, it is tried at once.")]
    public string? FailedWith { get; init; }

    [Description("What failed last, in one sentence.")]
    public string? LastFailure { get; init; }

    [Description("The last five attempts, newest first.")]
    public IReadOnlyList<IssuanceAttempt>? Attempts { get; init; }
}

internal sealed record StatusIssuer
{
    [Description("Issuer or ClusterIssuer")]
    public required string Kind { get; init; }

    [Description("Its name.")]
    public required string Name { get; init; }

    [Description("SHA-256 of the certificate that signed, hexadecimal.")]
    public string? CaFingerprint { get; init; }
}

internal sealed record IssuanceAttempt
{
    [Description("When.")]
    public required DateTimeOffset Time { get; init; }

    [Description("Kind/name of the issuer.")]
    public required string Issuer { get; init; }

    [Description("Issued or Failed")]
    public required string Outcome { get; init; }

    [Description("Why it was tried, and for a failure what went wrong.")]
    public required string Reason { get; init; }
}
