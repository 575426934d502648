using CertOperator.Api;
using CertOperator.Issuers;
using CertOperator.Rotation;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Certificates;

/// <summary>Everything that a decision about a Certificate rests on.</summary>
internal sealed record Situation
{
    public required Certificate Certificate { get; init; }

    /// <summary>The spec, read; null if it breaks a rule.</summary>
    public required DesiredCertificate? Desired { get; init; }

    public required IReadOnlyList<string> SpecProblems { get; init; }

    public required SecretFacts? Secret { get; init; }

    /// <summary>An older Certificate of the namespace with the same secretName; null if there is none.</summary>
    public string? Rival { get; init; }

    public required IssuerState Issuer { get; init; }

    /// <summary>The type of the Secret if it is not the TLS type, as far as that is known: such Secrets are not watched.</summary>
    public string? WrongSecretType { get; init; }

    /// <summary>As the Secret's annotation must be; null if a keystore's password cannot be had.</summary>
    public required string? OutputsHash { get; init; }

    /// <summary>Why a keystore's password cannot be had.</summary>
    public string? OutputsProblem { get; init; }

    public required DateTimeOffset Now { get; init; }

    public CertificateSpec Spec => Certificate.Spec!;

    /// <summary>What an attempt is made with: what failed with it once fails again.</summary>
    public string Attempt => $"{Certificate.Metadata.Generation}/{Issuer.Version}";

    public string SecretName => $"{Certificate.Metadata.Namespace}/{Spec.SecretName}";

    /// <summary>The Secret carries this Certificate's label.</summary>
    public bool OwnsSecret => Secret?.Label(Labels.Certificate) == TlsSecret.LabelValue(Certificate.Metadata.Name ?? "");

    /// <summary>The stored certificate ends with the CA that signed it, sooner than was asked for.</summary>
    public bool EndsWithCa => Secret?.Certificate is { } stored && Issuer.Ca?.NotAfter <= stored.NotAfter
        && stored.NotAfter - stored.NotBefore < Desired?.Duration;

    /// <summary>When the stored certificate is renewed; null without one.</summary>
    public DateTimeOffset? RenewalTime => Desired is not null && Secret?.Certificate is { } stored
        ? RenewalPolicy.RenewalTime(Desired, stored.NotBefore, stored.NotAfter, Certificate.Metadata.Uid ?? "")
        : null;
}
