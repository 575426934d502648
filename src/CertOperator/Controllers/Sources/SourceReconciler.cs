using System.Text.Json;
using CertOperator.Api;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers.Sources;

/// <summary>
/// Keeps the Certificate of a name in line with all Ingresses, Services and Gateways that want it: applied when it differs, deleted when
/// the last one stops wanting it, and left alone when somebody else made it.
/// </summary>
internal sealed class SourceReconciler(
    IKubeClient client,
    Informer<Certificate, Certificate> certificates,
    SourceCatalog sources,
    SourceReporter reporter) : IReconciler
{
    /// <summary>Of Certificates made for a source; another than the status's, so that neither claims the other's fields.</summary>
    private const string FieldManager = ApiGroup.FieldManager + "-source";

    private static readonly TimeSpan ForbiddenRetry = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan BlindRetry = TimeSpan.FromMinutes(1);

    public async Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        Certificate? existing = certificates.Store.Find(key);
        // Nobody else says when they can be seen again: what has not changed since is not told anew.
        if (sources.IsBlind(existing))
            return Outcome.After(BlindRetry);
        IReadOnlyList<CertificateSource> wishes = sources.For(key);
        bool ours = existing?.Metadata.Labels?.ContainsKey(WantedCertificate.SourceLabel) == true;

        if (wishes.Count == 0)
        {
            if (existing is { Metadata.DeletionTimestamp: null } && ours && !sources.IsHeld(key))
                await client.DeleteAsync<Certificate>(key, existing.Metadata.Uid, cancel);
            reporter.Forget(Topic(key));
            return Outcome.Done;
        }

        var wanted = WantedCertificate.Merge(wishes);
        var (whole, outcome) = existing is null || ours ? await ApplyAsync(existing, wanted.Certificate, cancel) : (Foreign(key), Outcome.Done);
        reporter.Report(Topic(key), whole is null
            ? [.. wanted.Left.Select(left => new SourceFinding(left.Source.Object, left.Problem))]
            : [.. wishes.Select(source => new SourceFinding(source.Object, whole))]);
        return outcome;
    }

    private static string Topic(ObjectKey key) => $"{Certificate.Type.Kind} {key}";

    /// <summary>No problem if the Certificate is as wanted, else why the API server refused it.</summary>
    private async Task<(SourceProblem? Problem, Outcome Outcome)> ApplyAsync(Certificate? existing, Certificate wanted, CancellationToken cancel)
    {
        if (Same(existing, wanted))
            return (null, Outcome.Done);
        try
        {
            // One that the cache does not show yet may be somebody else's: then it is a conflict, and seen at the next look.
            certificates.Observe(await client.ApplyAsync(wanted, FieldManager, force: existing is not null, cancel));
            return (null, Outcome.Done);
        }
        catch (KubeException refused) when (refused.Failure is KubeFailure.Invalid)
        {
            return (new("CertificateRefused", $"The Certificate {wanted.Metadata.Name} that the annotations ask for is not valid: {Mistakes(wanted.Spec!) ?? refused.Message} Correct the annotations."), Outcome.Done);
        }
        catch (KubeException refused) when (refused is { Failure: KubeFailure.Forbidden, NamespaceTerminating: false })
        {
            return (new("CertificateForbidden", $"The operator may not write the Certificate {wanted.Metadata.Name}: {refused.Message} Look at its RBAC, at quotas of the namespace and at admission webhooks."), Outcome.After(ForbiddenRetry));
        }
    }

    /// <summary>In the operator's own sentences, which hold the values; null if it finds none itself.</summary>
    private static string? Mistakes(CertificateSpec spec)
    {
        DesiredCertificate.From(spec, out IReadOnlyList<string> problems);
        return problems.Count > 0 ? string.Join(' ', problems) : null;
    }

    private static SourceProblem Foreign(ObjectKey key)
        => new("CertificateNotOurs", $"The Certificate {key} was made by somebody else and is left as it is: delete it, or name another Secret.");

    private static bool Same(Certificate? existing, Certificate wanted)
        => existing is not null && Json(existing).AsSpan().SequenceEqual(Json(wanted));

    /// <summary>The parts that are applied, in their order on the wire.</summary>
    private static byte[] Json(Certificate certificate)
    {
        var applied = new Certificate
        {
            Metadata = new ObjectMeta
            {
                Labels = certificate.Metadata.Labels?
                    .Where(label => label.Key is Labels.ManagedBy || label.Key == WantedCertificate.SourceLabel)
                    .OrderBy(label => label.Key, StringComparer.Ordinal).ToDictionary(),
                OwnerReferences = [.. (certificate.Metadata.OwnerReferences ?? []).OrderBy(owner => owner.Uid, StringComparer.Ordinal)],
            },
            Spec = certificate.Spec,
        };
        return JsonSerializer.SerializeToUtf8Bytes(applied, Certificate.Json);
    }
}
