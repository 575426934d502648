using System.Diagnostics;
using CertOperator.Api;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Secrets;
using CertOperator.Telemetry;

namespace CertOperator.Controllers.Certificates;

/// <summary>Writes TLS Secrets, in one server-side apply each, and never over somebody else's.</summary>
internal sealed class SecretWriter(IKubeClient client, Informer<Secret, SecretFacts> secrets)
{
    public async Task<IssuanceResult> WriteAsync(Secret secret, Situation situation, CancellationToken cancel)
    {
        // Only a Secret that was seen, and that planning found to be ours to change, may lose other managers' fields.
        // One that the cache does not show (another type, or made just now) makes the apply a conflict instead.
        bool force = situation.Secret is not null;
        using Activity? step = IssuanceTrace.Step("write Secret");
        try
        {
            Secret stored = await client.ApplyAsync(secret, ApiGroup.FieldManager, force, cancel);
            return IssuanceResult.Success(secrets.Observe(stored));
        }
        catch (KubeException lost) when (lost.Failure is KubeFailure.Unavailable)
        {
            // It may have been stored before the connection broke, and the cache may learn of it too late to keep the next
            // attempt from having another certificate signed.
            if (await FindStoredAsync(secret, cancel) is not { } stored)
                throw;
            return IssuanceResult.Success(secrets.Observe(stored));
        }
        catch (KubeException refused) when (refused.Failure is KubeFailure.Conflict or KubeFailure.Invalid)
        {
            step?.Fail(refused.Failure.ToString());
            return await ExplainAsync(situation, refused, cancel);
        }
        catch (KubeException refused) when (refused is { Failure: KubeFailure.Forbidden, NamespaceTerminating: false })
        {
            step?.Fail(refused.Failure.ToString());
            return IssuanceResult.Failure("SecretForbidden",
                $"The operator may not write the Secret {situation.SecretName}: {refused.Message} Look at its RBAC, at quotas of the namespace and at admission webhooks.");
        }
    }

    /// <summary>The type of a Secret that stands in the way of a write; null if none does.</summary>
    public async Task<string?> FindWrongTypeAsync(ObjectKey key, CancellationToken cancel)
        => await client.FindAsync<Secret>(key, cancel) is { } existing && existing.SecretType != Secret.TlsType ? existing.SecretType ?? "Opaque" : null;

    /// <summary>The Secret on the server if it is the one that was to be written.</summary>
    private async Task<Secret?> FindStoredAsync(Secret secret, CancellationToken cancel)
    {
        var key = new ObjectKey(secret.Metadata.Namespace ?? "", secret.Metadata.Name ?? "");
        Secret? found = await client.FindAsync<Secret>(key, cancel);
        return found?.Metadata.Annotations?.GetValueOrDefault(Labels.DataHash) == secret.Metadata.Annotations![Labels.DataHash] ? found : null;
    }

    private async Task<IssuanceResult> ExplainAsync(Situation situation, KubeException refused, CancellationToken cancel)
    {
        var key = new ObjectKey(situation.Certificate.Metadata.Namespace ?? "", situation.Spec.SecretName);
        if (await client.FindAsync<Secret>(key, cancel) is not { } existing)
            return IssuanceResult.Failure("SecretRefused", $"The API server refused the Secret {key}: {refused.Message}");
        if (existing.SecretType != Secret.TlsType)
            return IssuanceResult.Failure(SecretOwnership.WrongType, SecretOwnership.TypeObjection(key.ToString(), existing.SecretType ?? "Opaque"));

        return IssuanceResult.Failure("SecretOwnedByOther",
            $"The Secret {key} exists and holds fields of somebody else: delete it, or choose another secretName. ({refused.Message})");
    }
}
