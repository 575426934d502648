using CertOperator.Api;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Certificates;

/// <summary>Writes TLS Secrets, in one server-side apply each, and never over somebody else's.</summary>
internal sealed class SecretWriter(IKubeClient client, Informer<Secret, SecretFacts> secrets)
{
    public async Task<IssuanceResult> WriteAsync(Secret secret, Situation situation, CancellationToken cancel)
    {
        // Only a Secret that was seen, and that planning found to be ours to change, may lose other managers' fields.
        // One that the cache does not show (another type, or made just now) makes the apply a conflict instead.
        bool force = situation.Secret is not null;
        try
        {
            Secret stored = await client.ApplyAsync(secret, ApiGroup.FieldManager, force, cancel);
            return IssuanceResult.Success(secrets.Observe(stored));
        }
        catch (KubeException refused) when (refused.Failure is KubeFailure.Conflict or KubeFailure.Invalid)
        {
            return await ExplainAsync(situation, refused, cancel);
        }
        catch (KubeException refused) when (refused is { Failure: KubeFailure.Forbidden, NamespaceTerminating: false })
        {
            return IssuanceResult.Failure("SecretForbidden",
                $"The operator may not write the Secret {situation.SecretName}: {refused.Message} Look at its RBAC, at quotas of the namespace and at admission webhooks.");
        }
    }

    /// <summary>The type of a Secret that stands in the way of a write; null if none does.</summary>
    public async Task<string?> FindWrongTypeAsync(ObjectKey key, CancellationToken cancel)
        => await client.FindAsync<Secret>(key, cancel) is { } existing && existing.SecretType != Secret.TlsType ? existing.SecretType ?? "Opaque" : null;

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
