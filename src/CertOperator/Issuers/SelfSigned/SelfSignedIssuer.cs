using CertOperator.Api;
using CertOperator.Pki.Signing;

namespace CertOperator.Issuers.SelfSigned;

/// <summary>Signs each certificate with its own key: roots, and certificates for trying things out.</summary>
internal sealed class SelfSignedIssuer(SelfSignedIssuerSpec spec, TimeProvider time) : IIssuer
{
    public bool OutlivesProcess => false;

    public async Task<IssuanceStep> AdvanceAsync(Issuance issuance, CancellationToken cancel)
    {
        var urls = new IssuingUrls(spec.CrlDistributionPoints ?? [], [], []);
        var certificate = CertificateAuthority.SelfSign(
            issuance.Desired.Profile, await issuance.Key(cancel), issuance.Desired.Duration, time.GetUtcNow(), urls);
        return new IssuanceStep.Issued([certificate], [certificate]);
    }
}
