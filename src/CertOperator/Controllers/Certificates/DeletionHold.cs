using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers.Certificates;

/// <summary>
/// Keeps a Certificate from going while DNS records are out for it: its status alone tells of them. Two writes an order that is validated by
/// DNS, none for any other: what else challenges put in place is found again without the Certificate.
/// </summary>
internal sealed class DeletionHold(IKubeClient client, Informer<Certificate, Certificate> certificates)
{
    public static readonly string Finalizer = ApiGroup.Prefixed("dns-records");

    public static bool Has(Certificate certificate) => certificate.Metadata.Finalizers?.Contains(Finalizer) == true;

    /// <summary>Whether records may be out, as far as a status tells.</summary>
    public static bool IsNeeded(CertificateStatus status) => status.Issuance?.Challenges?.Any(challenge => SolverSelection.LeavesRecord(challenge.Type)) == true;

    /// <summary>Hold before a status tells of records, for they are written only after it; let go when it tells of none any more.</summary>
    public async Task SetAsync(ObjectKey key, bool isHeld, CancellationToken cancel)
    {
        if (certificates.Store.Find(key) is not { } certificate || Has(certificate) == isHeld || (isHeld && certificate.Metadata.DeletionTimestamp is not null))
            return;
        IEnumerable<string> others = (certificate.Metadata.Finalizers ?? []).Where(name => name != Finalizer);
        try
        {
            Certificate changed = await client.PatchAsync<Certificate>(key, Patch(certificate, isHeld ? others.Append(Finalizer) : others), cancel);
            // One that only waited for this is gone with it.
            if (changed.Metadata.DeletionTimestamp is null)
                certificates.Observe(changed);
        }
        catch (KubeException gone) when (gone.Failure is KubeFailure.NotFound)
        {
            // The informer will say so.
        }
    }

    /// <summary>The list is replaced as a whole, so nobody may have changed it meanwhile.</summary>
    private static JsonObject Patch(Certificate certificate, IEnumerable<string> finalizers) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["uid"] = certificate.Metadata.Uid,
            ["resourceVersion"] = certificate.Metadata.ResourceVersion,
            ["finalizers"] = new JsonArray([.. finalizers.Select(name => (JsonNode)name)]),
        },
    };
}
