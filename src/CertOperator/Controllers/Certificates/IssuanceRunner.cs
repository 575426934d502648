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
internal sealed class IssuanceRunner(
    IKubeClient client, IssuerCatalog issuers, KeyPairs keyPairs, PendingKeys pendingKeys, SecretWriter writer, TimeProvider time)
{
    /// <summary>Key, request, issuer, verification, Secret. Nothing that fails verification is stored.</summary>
    public async Task<IssuanceResult> IssueAsync(Situation situation, KeystorePasswords passwords, CancellationToken cancel)
    {
        if (situation is { UnderWay: not null, CanResume: false })
            await AbandonAsync(situation, cancel);
        IIssuer issuer = issuers.Open(situation.Issuer);
        PrivateKey? key = null;
        try
        {
            IssuanceStep step = await issuer.AdvanceAsync(Describe(situation, KeyOnceAsync), cancel);
            IssuanceResult result = step switch
            {
                IssuanceStep.Issued issued => await StoreAsync(situation, passwords, await KeyOnceAsync(cancel), issued, cancel),
                IssuanceStep.Pending pending => IssuanceResult.Of(pending),
                IssuanceStep.Failed failed => IssuanceResult.Of(failed),
                _ => throw new InvalidOperationException($"Unknown step {step.GetType().Name}."),
            };
            if (result.Pending?.State is null && situation.UnderWay is not null)
                await pendingKeys.DeleteAsync(situation.Certificate, cancel);
            return result;
        }
        catch (PkiException refused)
        {
            return IssuanceResult.Failure("RequestRefused", $"What the spec asks for cannot be made: {refused.Message}");
        }
        finally
        {
            key?.Dispose();
        }

        async ValueTask<PrivateKey> KeyOnceAsync(CancellationToken token) => key ??= await KeyAsync(situation, issuer.OutlivesProcess, token);
    }

    /// <summary>Ends what is under way and leaves nothing of it; the next status says so.</summary>
    public async Task AbandonAsync(Situation situation, CancellationToken cancel)
    {
        await issuers.AbandonAsync(situation.Certificate, situation.UnderWay!, cancel);
        await pendingKeys.DeleteAsync(situation.Certificate, cancel);
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
            return await StoreAsync(situation, situation.Signer, passwords, key, stored, cancel);
        }
        catch (Exception unreadable) when (unreadable is PkiException or KeyNotFoundException)
        {
            return IssuanceResult.Failure("SecretUnusable", $"The Secret {name} changed while it was put right: {unreadable.Message}");
        }
    }

    private static Issuance Describe(Situation situation, Func<CancellationToken, ValueTask<PrivateKey>> key)
    {
        CertificateFacts? stored = situation.OwnsSecret ? situation.Secret?.Certificate : null;
        bool isRenewal = stored is not null && situation.Secret!.Annotation(Labels.Issuer) == situation.Issuer.Ref.ToString()
            && stored.Names.Covers(situation.Desired!.Profile.Names) && situation.Desired.Profile.Names.Covers(stored.Names);
        return new Issuance
        {
            Certificate = situation.Certificate,
            Desired = situation.Desired!,
            Key = key,
            UnderWay = situation.CanResume ? situation.UnderWay : null,
            Stored = stored,
            Replaces = isRenewal ? stored : null,
        };
    }

    private Task<IssuanceResult> StoreAsync(
        Situation situation, KeystorePasswords passwords, PrivateKey key, IssuanceStep.Issued issued, CancellationToken cancel)
        => StoreAsync(situation, situation.Issuer, passwords, key, issued, cancel);

    private async Task<IssuanceResult> StoreAsync(
        Situation situation, IssuerState signer, KeystorePasswords passwords, PrivateKey key, IssuanceStep.Issued issued, CancellationToken cancel)
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
                problem.Code.ToString(), $"{signer.Ref} gave a certificate that was not stored: {problem.Message}");
        }

        var pair = new KeyPair(key, chain, signer.Ref, desired.SpecHash);
        try
        {
            Secret secret = TlsSecret.Build(situation.Certificate, desired, pair, passwords);
            return await writer.WriteAsync(secret, situation, cancel);
        }
        catch (PkiException refused)
        {
            return IssuanceResult.Failure("KeystoreRefused", $"The Secret {situation.SecretName} cannot hold what the spec asks for: {refused.Message} Give the certificate a commonName, or leave keystores out.");
        }
    }

    private async ValueTask<PrivateKey> KeyAsync(Situation situation, bool isStoredFirst, CancellationToken cancel)
    {
        DesiredCertificate desired = situation.Desired!;
        bool fits = situation is { Secret: { Problem: null, Certificate: { } stored }, OwnsSecret: true }
            && stored.KeyAlgorithm == desired.KeyAlgorithm && stored.KeySize == desired.KeySize;
        if (!desired.RotatesKey && fits
            && (await client.FindAsync<Secret>(situation.Secret!.Key, cancel))?.Data?.GetValueOrDefault(SecretEntries.PrivateKey) is { } pem)
        {
            return PrivateKey.ReadPem(pem);
        }

        if (isStoredFirst)
            return await pendingKeys.GetAsync(situation.Certificate, desired, cancel);
        return await keyPairs.NextAsync(desired.KeyAlgorithm, desired.KeySize, cancel);
    }
}
