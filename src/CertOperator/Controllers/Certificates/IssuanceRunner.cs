using CertOperator.Api;
using CertOperator.Issuers;
using CertOperator.Pki;
using CertOperator.Pki.Chains;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Runtime.Client;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Certificates;

/// <summary>Carries out a plan that ends in a written Secret: signed anew, or the stored key pair presented anew.</summary>
internal sealed class IssuanceRunner(IKubeClient client, IssuerCatalog issuers, KeyPairs keyPairs, SecretWriter writer, TimeProvider time)
{
    /// <summary>Key, request, issuer, verification, Secret. Nothing that fails verification is stored.</summary>
    public async Task<IssuanceResult> IssueAsync(Situation situation, KeystorePasswords passwords, CancellationToken cancel)
    {
        DesiredCertificate desired = situation.Desired!;
        try
        {
            using PrivateKey key = await KeyAsync(situation, cancel);
            var issuance = new Issuance(
                new ObjectKey(situation.Certificate.Metadata.Namespace ?? "", situation.Certificate.Metadata.Name ?? ""),
                desired.Profile, key, desired.Duration);
            IssuanceStep step = await issuers.Open(situation.Issuer).AdvanceAsync(issuance, cancel);
            return step switch
            {
                IssuanceStep.Issued issued => await StoreAsync(situation, passwords, key, issued, cancel),
                IssuanceStep.Failed failed => IssuanceResult.Failure(failed.Reason, failed.Message),
                _ => throw new InvalidOperationException($"Unknown step {step.GetType().Name}."),
            };
        }
        catch (PkiException refused)
        {
            return IssuanceResult.Failure("RequestRefused", $"What the spec asks for cannot be made: {refused.Message}");
        }
    }

    /// <summary>Reads the stored key pair, verifies it again, and writes the Secret as the spec wants it now.</summary>
    public async Task<IssuanceResult> RewriteAsync(Situation situation, KeystorePasswords passwords, CancellationToken cancel)
    {
        var name = situation.Secret!.Key;
        if (await client.FindAsync<Secret>(name, cancel) is not { Data: { } data })
            return IssuanceResult.Failure("SecretMissing", $"The Secret {name} vanished while it was put right.");

        try
        {
            using PrivateKey key = PrivateKey.ReadPem(data[SecretEntries.PrivateKey]);
            IReadOnlyList<IssuedCertificate> anchors = data.TryGetValue(SecretEntries.Ca, out byte[]? ca) && ca.Length > 0 ? Pem.ReadCertificates(ca) : [];
            var stored = new IssuanceStep.Issued([.. Pem.ReadCertificates(data[SecretEntries.Certificate]), .. anchors], anchors);
            return await StoreAsync(situation, passwords, key, stored, cancel);
        }
        catch (Exception unreadable) when (unreadable is PkiException or KeyNotFoundException)
        {
            return IssuanceResult.Failure("SecretUnusable", $"The Secret {name} changed while it was put right: {unreadable.Message}");
        }
    }

    private async Task<IssuanceResult> StoreAsync(
        Situation situation, KeystorePasswords passwords, PrivateKey key, IssuanceStep.Issued issued, CancellationToken cancel)
    {
        DesiredCertificate desired = situation.Desired!;
        CertificateChain chain = ChainBuilder.Build(issued.Certificates, issued.Anchors, key.PublicKeyInfo);
        var requirements = new ChainRequirements
        {
            PublicKeyInfo = key.PublicKeyInfo,
            Names = desired.Profile.Names,
            Usages = desired.Profile.Usages,
            IsCa = desired.Profile.IsCa,
            Anchors = issued.Anchors,
        };
        if (ChainValidator.Validate(chain.Certificates, requirements, time.GetUtcNow()) is [var problem, ..])
        {
            return IssuanceResult.Failure(
                problem.Code.ToString(), $"{situation.Issuer.Ref} gave a certificate that was not stored: {problem.Message}");
        }

        var pair = new KeyPair(key, chain, situation.Spec.IssuerRef, desired.SpecHash);
        Secret secret = TlsSecret.Build(situation.Certificate, desired, pair, passwords);
        return await writer.WriteAsync(secret, situation, cancel);
    }

    private async ValueTask<PrivateKey> KeyAsync(Situation situation, CancellationToken cancel)
    {
        DesiredCertificate desired = situation.Desired!;
        bool fits = situation is { Secret: { Problem: null, Certificate: { } stored }, OwnsSecret: true }
            && stored.KeyAlgorithm == desired.KeyAlgorithm && stored.KeySize == desired.KeySize;
        if (!desired.RotatesKey && fits
            && (await client.FindAsync<Secret>(situation.Secret!.Key, cancel))?.Data?.GetValueOrDefault(SecretEntries.PrivateKey) is { } pem)
        {
            return PrivateKey.ReadPem(pem);
        }

        return await keyPairs.NextAsync(desired.KeyAlgorithm, desired.KeySize, cancel);
    }
}
