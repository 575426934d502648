using System.Diagnostics;
using CertOperator.Api;
using CertOperator.Issuers;
using CertOperator.Pki;
using CertOperator.Pki.Chains;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Runtime.Client;
using CertOperator.Secrets;
using CertOperator.Telemetry;

namespace CertOperator.Controllers.Certificates;

/// <summary>Stores key pairs: new ones, the stored one in another presentation, former ones. Nothing that fails verification is stored.</summary>
internal sealed class PairStore(IKubeClient client, KeyHistory history, SecretWriter writer, TimeProvider time)
{
    /// <summary>Stores what an issuer signed, after the former key pair was put aside.</summary>
    public Task<IssuanceResult> StoreIssuedAsync(Situation situation, KeystorePasswords passwords, PrivateKey key, IssuanceStep.Issued issued, CancellationToken cancel)
        => StoreAsync(situation, situation.Issuer, situation.NextPlace, passwords, key, issued, cancel);

    /// <summary>Reads the stored key pair, verifies it again, and writes the Secret as the spec wants it now.</summary>
    public async Task<IssuanceResult> RewriteAsync(Situation situation, KeystorePasswords passwords, CancellationToken cancel)
    {
        ObjectKey name = situation.Secret!.Key;
        return await client.FindAsync<Secret>(name, cancel) is { Data: { } data }
            ? await PresentAsync(situation, situation.Signer, situation.StoredPlace, passwords, data, name, cancel)
            : IssuanceResult.Failure("SecretMissing", $"The Secret {name} vanished while it was put right.");
    }

    /// <summary>Puts a former key pair, which was found to satisfy the spec, into the place of the stored one.</summary>
    public Task<IssuanceResult> PutBackAsync(Situation situation, IssuerState signer, KeystorePasswords passwords, FormerPair former, CancellationToken cancel)
        => PresentAsync(situation, signer, new PairPlace(former.Revision, time.GetUtcNow()), passwords, former.Entries, FormerPairs.KeyOf(situation.Certificate), cancel);

    private async Task<IssuanceResult> PresentAsync(
        Situation situation, IssuerState signer, PairPlace place, KeystorePasswords passwords, IReadOnlyDictionary<string, byte[]> data, ObjectKey name, CancellationToken cancel)
    {
        try
        {
            using PrivateKey key = PrivateKey.ReadPem(data[SecretEntries.PrivateKey]);
            IReadOnlyList<IssuedCertificate> anchors = data.TryGetValue(SecretEntries.Ca, out byte[]? ca) && ca.Length > 0 ? Pem.ReadCertificates(ca) : [];
            var stored = new IssuanceStep.Issued([.. Pem.ReadCertificates(data[SecretEntries.Certificate]), .. anchors], anchors);
            return await StoreAsync(situation, signer, place, passwords, key, stored, cancel);
        }
        catch (Exception unreadable) when (unreadable is PkiException or KeyNotFoundException)
        {
            return IssuanceResult.Failure("SecretUnusable", $"The Secret {name} changed while it was read: {unreadable.Message}");
        }
    }

    private async Task<IssuanceResult> StoreAsync(
        Situation situation, IssuerState signer, PairPlace place, KeystorePasswords passwords, PrivateKey key, IssuanceStep.Issued issued, CancellationToken cancel)
    {
        DesiredCertificate desired = situation.Desired!;
        using Activity? step = IssuanceTrace.Step("verify chain");
        CertificateChain chain = ChainBuilder.Build(issued.Certificates, issued.Anchors, key.PublicKeyInfo);
        var requirements = new ChainRequirements
        {
            PublicKeyInfo = key.PublicKeyInfo,
            Names = desired.Profile.Names,
            Usages = [.. desired.Profile.Usages.Where(signer.IsBoundBy)],
            IsCa = desired.Profile.IsCa,
            Anchors = issued.Anchors,
        };
        if (ChainValidator.Validate(chain.Certificates, requirements, time.GetUtcNow()) is [var problem, ..])
        {
            step?.Fail(problem.Code.ToString());
            return IssuanceResult.Failure(
                problem.Code.ToString(), $"{signer.Ref} gave a certificate that was not stored: {problem.Message}");
        }

        step?.Stop();
        try
        {
            Secret secret = TlsSecret.Build(situation.Certificate, desired, new KeyPair(key, chain, signer.Ref, desired.SpecHash, place), passwords);
            KeyHistory.Kept kept = place.Revision == situation.StoredPlace.Revision ? KeyHistory.Kept.Unchanged : await history.KeepAsync(situation, place.Revision, cancel);
            return await writer.WriteAsync(secret, situation, cancel) with { History = kept.Pairs, Advice = kept.Problem };
        }
        catch (PkiException refused)
        {
            return IssuanceResult.Failure("KeystoreRefused", $"The Secret {situation.SecretName} cannot hold what the spec asks for: {refused.Message} Give the certificate a commonName, or leave keystores out.");
        }
    }
}
