using System.Diagnostics;
using CertOperator.Api;
using CertOperator.Issuers;
using CertOperator.Pki;
using CertOperator.Pki.Keys;
using CertOperator.Runtime.Client;
using CertOperator.Secrets;
using CertOperator.Telemetry;

namespace CertOperator.Controllers.Certificates;

/// <summary>Has certificates signed: from the key to the stored Secret, one step at a time.</summary>
internal sealed class IssuanceRunner(IKubeClient client, IssuerCatalog issuers, KeyPairs keyPairs, PendingKeys pendingKeys, PairStore store)
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
                IssuanceStep.Issued issued => (await store.StoreIssuedAsync(situation, passwords, await KeyOnceAsync(cancel), issued, cancel)).Advised(issued.Advice).WithLapse(situation, issued.Lapse),
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

    private static Issuance Describe(Situation situation, Func<CancellationToken, ValueTask<PrivateKey>> key)
    {
        CertificateFacts? stored = situation.OwnsSecret ? situation.Secret?.Certificate : null;
        bool isRenewal = stored is not null && situation.Secret!.Annotation(Labels.Issuer) == situation.Issuer.Ref.ToString()
            && stored.Names.Covers(situation.Desired!.Profile.Names) && situation.Desired.Profile.Names.Covers(stored.Names);
        return new Issuance
        {
            Id = situation.AttemptId,
            Began = situation.AttemptBegan,
            Certificate = situation.Certificate,
            Desired = situation.Desired!,
            Key = key,
            UnderWay = situation.CanResume ? situation.UnderWay : null,
            Stored = stored,
            Replaces = isRenewal ? stored : null,
        };
    }

    private async ValueTask<PrivateKey> KeyAsync(Situation situation, bool isStoredFirst, CancellationToken cancel)
    {
        DesiredCertificate desired = situation.Desired!;
        using Activity? step = IssuanceTrace.Step("get key pair");
        step?.SetTag("certoperator.key.algorithm", desired.KeyAlgorithm.ToString()).SetTag("certoperator.key.size", desired.KeySize);
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
