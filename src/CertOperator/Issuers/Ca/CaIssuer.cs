using System.Diagnostics;
using CertOperator.Api;
using CertOperator.Pki;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Signing;
using CertOperator.Runtime.Client;
using CertOperator.Telemetry;

namespace CertOperator.Issuers.Ca;

/// <summary>Signs with a CA key pair from a Secret.</summary>
internal sealed class CaIssuer(CaIssuerSpec spec, ObjectKey secret, string secretVersion, SigningKeys keys, TimeProvider time) : IIssuer
{
    public bool OutlivesProcess => false;

    public async Task<IssuanceStep> AdvanceAsync(Issuance issuance, CancellationToken cancel)
    {
        try
        {
            SigningKey key = await keys.GetAsync(secret, secretVersion, cancel);
            if (key.Check(time.GetUtcNow()) is [var problem, ..])
                return new IssuanceStep.Failed(problem.Code.ToString(), $"The CA in Secret {secret} cannot sign: {problem.Message}");

            var urls = new IssuingUrls(spec.CrlDistributionPoints ?? [], spec.OcspServers ?? [], spec.IssuingCertificateURLs ?? []);
            PrivateKey leafKey = await issuance.Key(cancel);
            using Activity? step = IssuanceTrace.Step("sign");
            IssuedCertificate leaf = key.Authority.Issue(
                issuance.Desired.Profile, leafKey.PublicKeyInfo, issuance.Desired.Duration, time.GetUtcNow(), urls);
            return new IssuanceStep.Issued([leaf, .. key.Chain], key.Anchors);
        }
        catch (PkiException refused)
        {
            return new IssuanceStep.Failed("CaRefused", $"The CA in Secret {secret} cannot sign this certificate: {refused.Message}");
        }
    }
}
