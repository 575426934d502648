using System.ComponentModel;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Schema;

namespace CertOperator.Api;

[KubeRule("(has(self.acme) ? 1 : 0) + (has(self.ca) ? 1 : 0) + (has(self.selfSigned) ? 1 : 0) == 1", Sentences.OneSigner)]
internal sealed record IssuerSpec
{
    [Description("Has certificates signed by an ACME server, for example Let's Encrypt.")]
    public AcmeIssuerSpec? Acme { get; init; }

    [Description("Signs with a CA key pair from a Secret.")]
    public CaIssuerSpec? Ca { get; init; }

    [Description("Each certificate signs itself with its own key.")]
    public SelfSignedIssuerSpec? SelfSigned { get; init; }

    [Description("What it signs, and for whom: what one of these allows as a whole. Everything, for every namespace that may name it, if absent.")]
    [KubeItems(64, Min = 1)]
    public IReadOnlyList<IssuerConstraintSpec>? Constraints { get; init; }
}

internal sealed record CaIssuerSpec
{
    [Description("Secret of type kubernetes.io/tls: tls.crt (CA certificate, then its issuers), tls.key, optionally ca.crt (the root).")]
    [KubeLength(253, Min = 1)]
    public required string SecretName { get; init; }

    [Description("URLs of CRLs to put into certificates.")]
    public IReadOnlyList<string>? CrlDistributionPoints { get; init; }

    [Description("URLs of OCSP responders to put into certificates.")]
    public IReadOnlyList<string>? OcspServers { get; init; }

    [Description("URLs of the CA certificate to put into certificates.")]
    public IReadOnlyList<string>? IssuingCertificateURLs { get; init; }
}

internal sealed record SelfSignedIssuerSpec
{
    [Description("URLs of CRLs to put into certificates.")]
    public IReadOnlyList<string>? CrlDistributionPoints { get; init; }
}

internal sealed record IssuerStatus
{
    [Description("Ready: the issuer can sign now.")]
    [KubeListMap("type")]
    public IReadOnlyList<Condition>? Conditions { get; init; }

    [Description("The account, for ACME issuers.")]
    public AcmeStatus? Acme { get; init; }

    [Description("The CA that signs, for issuers with a CA.")]
    public CaStatus? Ca { get; init; }
}

internal sealed record CaStatus
{
    [Description("Start of the validity of the CA certificate.")]
    public DateTimeOffset? NotBefore { get; init; }

    [Description("End of the validity of the CA certificate; no certificate outlives it.")]
    public required DateTimeOffset NotAfter { get; init; }

    [Description("SHA-256 of the CA certificate, hexadecimal.")]
    public required string Fingerprint { get; init; }
}
