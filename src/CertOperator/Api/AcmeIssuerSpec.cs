using System.ComponentModel;
using CertOperator.Runtime.Schema;

namespace CertOperator.Api;

/// <summary>An account at an ACME server (RFC 8555), and how names are validated there.</summary>
[KubeRule("!(has(self.caBundle) && has(self.skipTLSVerify) && self.skipTLSVerify)", Sentences.AcmeTrust)]
[KubeRule("self.server.startsWith('https://')", Sentences.AcmeServer)]
internal sealed record AcmeIssuerSpec
{
    [Description("URL of the server's directory, for example https://acme-v02.api.letsencrypt.org/directory.")]
    [KubeLength(2048, Min = 1)]
    public required string Server { get; init; }

    [Description("Contact of the account; some servers require it.")]
    [KubeLength(254)]
    public string? Email { get; init; }

    [Description("PEM of the CA certificates, base64, that the server's own TLS certificate must lead to; the system's if absent.")]
    public byte[]? CaBundle { get; init; }

    [Description("Does not verify the server's TLS certificate. For test servers only.")]
    public bool? SkipTLSVerify { get; init; }

    [Description("Secret that holds the account key; created if absent. The key of its data is tls.key if not named.")]
    public required SecretKeyRef PrivateKeySecretRef { get; init; }

    [Description("Never creates the account key: a missing one is an error.")]
    public bool? DisableAccountKeyGeneration { get; init; }

    [Description("Algorithm of an account key that is created; ES256 if absent.")]
    [KubeEnum("ES256", "ES384", "RS256")]
    public string? AccountKeyAlgorithm { get; init; }

    [Description("Binds the account to one that exists at the CA (RFC 8555, 7.3.4).")]
    public ExternalAccountBindingSpec? ExternalAccountBinding { get; init; }

    [Description("Common name of the root or top intermediate whose chain is preferred, where the server offers several.")]
    [KubeLength(64)]
    public string? PreferredChain { get; init; }

    [Description("Profile to order, as the server's directory names them; a Certificate's own wins.")]
    [KubeLength(128)]
    public string? Profile { get; init; }

    [Description("Asks the server for the Certificate's duration; most public CAs refuse that.")]
    public bool? EnableDurationFeature { get; init; }

    [Description("Auto (the default): renews when the server says (RFC 9773), if it does. Off: by the Certificate's own rule.")]
    [KubeEnum("Auto", "Off")]
    public string? RenewalInfo { get; init; }

    [Description("Checks that a challenge is answered before the server is asked to look. Advisory (the default): waits a while, then asks all the same. Required: never asks before. Off: asks at once.")]
    [KubeEnum("Advisory", "Required", "Off")]
    public string? SelfCheck { get; init; }

    [Description("Whether an account that the server does not know any more is registered again with the same key; by default it is, but not at the well-known public CAs, which forget none.")]
    public bool? RegisterAgain { get; init; }

    [Description("Ceilings that the operator keeps for this account; those that the CA publishes, where it is a known one.")]
    public AcmeBudgetSpec? Budget { get; init; }

    [Description("How names are validated; the most specific selector wins.")]
    [KubeItems(100)]
    public IReadOnlyList<AcmeSolverSpec>? Solvers { get; init; }
}

internal sealed record ExternalAccountBindingSpec
{
    [Description("Key identifier that the CA gave.")]
    [KubeLength(512, Min = 1)]
    public required string KeyID { get; init; }

    [Description("Secret that holds the MAC key that the CA gave, in base64url as given. The key of its data is secret if not named.")]
    public required SecretKeyRef KeySecretRef { get; init; }
}

internal sealed record AcmeBudgetSpec
{
    [Description("Orders of the account.")]
    public RateSpec? NewOrders { get; init; }

    [Description("Certificates for names below one registered domain.")]
    public RateSpec? CertificatesPerDomain { get; init; }

    [Description("Certificates for exactly the same names.")]
    public RateSpec? CertificatesPerNameSet { get; init; }

    [Description("Failed validations of one name.")]
    public RateSpec? FailuresPerName { get; init; }
}

internal sealed record RateSpec
{
    [Description("How many.")]
    [KubeRange(1, 1_000_000)]
    public required int Count { get; init; }

    [Description("In how long a time, as a Go duration.")]
    [KubePattern(GoDuration.Pattern)]
    public required string Per { get; init; }
}

internal sealed record AcmeStatus
{
    [Description("URL of the account.")]
    public string? Uri { get; init; }

    [Description("Thumbprint of the account key (RFC 7638).")]
    public string? KeyThumbprint { get; init; }

    [Description("Label of the account in the names of records for dns-account-01, where a solver answers that: _acme-challenge.NAME is preceded by it and a dot.")]
    public string? DnsLabel { get; init; }

    [Description("Contact that the account has at the server.")]
    public string? LastRegisteredEmail { get; init; }

    [Description("By which names CAA records allow the server's CA (RFC 8659); with accounturi (RFC 8657) only this account.")]
    [KubeItems(32)]
    public IReadOnlyList<string>? CaaIdentities { get; init; }

    [Description("The terms of service that the account was registered under or found with.")]
    [KubeLength(2048)]
    public string? TermsOfService { get; init; }

    [Description("Value of the annotation certoperator.io/rollover-account-key that was obeyed last.")]
    public string? LastRollover { get; init; }

    [Description("When the server is asked about the account again, where it named the time.")]
    public DateTimeOffset? NextCheck { get; init; }
}
