using System.ComponentModel;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Schema;

namespace CertOperator.Api;

/// <summary>Status of a Certificate. Every sentence says what happened, to which name, whose fault it is and what to do.</summary>
internal sealed record CertificateStatus
{
    [Description("Ready: the Secret holds a verified, unexpired key pair that satisfies the spec. Issuing: work is going on, or why it is not. RolledOut, where the spec has rollout: its workloads were restarted for the stored certificate. Served, where the operator verifies it: the hosts of Ingresses are served with the stored certificate.")]
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

    [Description("The value of the annotation retry-now that was seen last; another one has a failed issuance tried again at once.")]
    [KubeLength(253)]
    public string? RetriedFor { get; init; }

    [Description("The value of the annotation renew that the stored certificate answers; another one has a new certificate issued.")]
    [KubeLength(253)]
    public string? RenewedFor { get; init; }

    [Description("What failed last, in one sentence.")]
    public string? LastFailure { get; init; }

    [Description("How far the validation of each name is, for issuers that validate names.")]
    [KubeItems(1000)]
    [KubeListMap("name")]
    public IReadOnlyList<NameStatus>? Names { get; init; }

    [Description("The attempt that is under way; written by the operator only.")]
    public IssuanceStatus? Issuance { get; init; }

    [Description("When the CA advises to renew (RFC 9773).")]
    public RenewalInfoStatus? RenewalInfo { get; init; }

    [Description("The last five attempts, newest first.")]
    public IReadOnlyList<IssuanceAttempt>? Attempts { get; init; }

    [Description("The former key pairs that are kept for a rollback; the one that was replaced last is the first.")]
    [KubeItems(8)]
    public IReadOnlyList<FormerRevision>? History { get; init; }

    [Description("The last request to put a former key pair back, and what came of it.")]
    public RollbackStatus? Rollback { get; init; }

    [Description("How far the restarts are that the spec asks for.")]
    public RolloutStatus? Rollout { get; init; }
}

internal sealed record FormerRevision
{
    [Description("Which issuance it is of.")]
    public required int Revision { get; init; }

    [Description("Serial number of its certificate, hexadecimal.")]
    [KubeLength(64)]
    public required string SerialNumber { get; init; }

    [Description("End of the validity of its certificate.")]
    public required DateTimeOffset NotAfter { get; init; }
}

internal sealed record RollbackStatus
{
    [Description("The value of the annotation rollback that was seen last; another one is another request.")]
    [KubeLength(253)]
    public required string Request { get; init; }

    [Description("When it was answered.")]
    public required DateTimeOffset Time { get; init; }

    [Description("Whether it was done.")]
    public required bool Done { get; init; }

    [Description("What came of it, in one sentence.")]
    public required string Message { get; init; }
}

internal sealed record RolloutStatus
{
    [Description("SHA-256 of the certificate that the workloads were last restarted for, or that was there before any rotation.")]
    [KubeLength(64)]
    public required string Fingerprint { get; init; }

    [Description("When they are restarted for the stored certificate.")]
    public DateTimeOffset? NextTime { get; init; }
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
    public const string Issued = "Issued";
    public const string Failed = "Failed";

    [Description("When.")]
    public required DateTimeOffset Time { get; init; }

    [Description("Kind/name of the issuer.")]
    public required string Issuer { get; init; }

    [Description("Issued or Failed")]
    public required string Outcome { get; init; }

    [Description("Why it was tried, and for a failure what went wrong.")]
    public required string Reason { get; init; }
}

internal sealed record NameStatus
{
    [Description("The name, as in the spec.")]
    public required string Name { get; init; }

    [Description("Pending, Presented, Validating, Valid or Invalid.")]
    public required string State { get; init; }

    [Description("Why it is not valid, in one sentence.")]
    public string? Reason { get; init; }
}

internal sealed record IssuanceStatus
{
    [Description("Identifier of the attempt.")]
    [KubeLength(64)]
    public required string Id { get; init; }

    [Description("Kind/name of the issuer.")]
    [KubeLength(512)]
    public required string Issuer { get; init; }

    [Description("When it began.")]
    public required DateTimeOffset Started { get; init; }

    [Description("Hash of the request that it answers; another request ends it.")]
    [KubeLength(128)]
    public string? SpecHash { get; init; }

    [Description("URL of the account at the ACME server.")]
    [KubeLength(2048)]
    public string? AccountURL { get; init; }

    [Description("URL of the order at the ACME server.")]
    [KubeLength(2048)]
    public string? OrderURL { get; init; }

    [Description("Thumbprint of the account key that the challenges are answered with (RFC 7638).")]
    [KubeLength(64)]
    public string? KeyThumbprint { get; init; }

    [Description("When the ACME server is asked again, where it named the time.")]
    public DateTimeOffset? NextCheck { get; init; }

    [Description("The challenges that are being answered.")]
    [KubeItems(1000)]
    public IReadOnlyList<ChallengeStatus>? Challenges { get; init; }
}

internal sealed record ChallengeStatus
{
    [Description("The name, with *. if it is for the wildcard.")]
    [KubeLength(253)]
    public required string Name { get; init; }

    [Description("http-01, dns-01, dns-account-01, dns-persist-01 or tls-alpn-01.")]
    [KubeLength(32)]
    public required string Type { get; init; }

    [Description("Token that the ACME server gave; public.")]
    [KubeLength(512)]
    public string? Token { get; init; }

    [Description("URL of the challenge at the ACME server.")]
    [KubeLength(2048)]
    public required string Url { get; init; }

    [Description("URL of the authorization at the ACME server.")]
    [KubeLength(2048)]
    public required string Authorization { get; init; }

    [Description("When the server was told to look.")]
    public DateTimeOffset? AnsweredAt { get; init; }
}

internal sealed record RenewalInfoStatus
{
    [Description("The certificate that it is about, as RFC 9773, 4.1 names it.")]
    [KubeLength(256)]
    public required string CertificateID { get; init; }

    [Description("The window that the CA suggests.")]
    public TimeWindow? SuggestedWindow { get; init; }

    [Description("The time in it that was chosen.")]
    public DateTimeOffset? ChosenTime { get; init; }

    [Description("When the CA is asked again.")]
    public DateTimeOffset? NextCheck { get; init; }

    [Description("A page of the CA that explains the window.")]
    [KubeLength(2048)]
    public string? ExplanationURL { get; init; }
}

internal sealed record TimeWindow
{
    [Description("Start.")]
    public required DateTimeOffset Start { get; init; }

    [Description("End.")]
    public required DateTimeOffset End { get; init; }
}
