using CertOperator.Api;
using CertOperator.Pki.Signing;

namespace CertOperator.Issuers.SelfSigned;

/// <summary>Signs each certificate with its own key: roots, and certificates for trying things out.</summary>
internal sealed class SelfSignedIssuer(SelfSignedIssuerSpec spec, TimeProvider time) : IIssuer
{
    public Task<IssuanceStep> AdvanceAsync(Issuance issuance, CancellationToken cancel)
    {
        var urls = new IssuingUrls(spec.CrlDistributionPoints ?? [], [], []);
        var certificate = CertificateAuthority.SelfSign(issuance.Profile, issuance.Key, issuance.Duration, time.GetUtcNow(), urls);
        return Task.FromResult<IssuanceStep>(new IssuanceStep.Issued([certificate], [certificate]));
    }
}
