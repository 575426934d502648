using System.Diagnostics;
using System.Text.Json;
using CertOperator.Api;
using CertOperator.Controllers.Rollouts;
using CertOperator.Controllers.Served;
using CertOperator.Issuers;
using CertOperator.Issuers.Acme;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;
using CertOperator.Telemetry;

namespace CertOperator.Controllers.Certificates;

/// <summary>Tells what happened: status if it changed, one event per change, and the same event on what wants it.</summary>
internal sealed class CertificateReporter(IKubeClient client, Informer<Certificate, Certificate> certificates, EventRecorder events)
{
    public async Task ReportAsync(Situation after, Plan plan, IssuanceResult? result, CertificateStatus status, CancellationToken cancel)
    {
        Certificate certificate = after.Certificate;
        bool changed = !SameJson(certificate.Status, status);
        if (changed)
            await WriteAsync(certificate, status, cancel);

        if (result?.Rollback is { } answer)
            events.Record(ObjectReference.To(certificate), answer.Done ? EventSeverity.Normal : EventSeverity.Warning, answer.Done ? "RolledBack" : "RollbackRefused", $"{answer.Message} {result.Advice}".TrimEnd());
        else if (result is { Stored: { Certificate: { } stored } })
            events.Normal(certificate, plan is Plan.Issue ? "Issued" : ((Plan.Rewrite)plan).Reason, Success(after, plan, result, stored));
        else if (changed && Warning(certificate.Status, status) is { } warning)
            Warn(certificate, warning);
        if (Conditions.Find(status.Conditions, ConditionTypes.RolledOut) is { Reason: not (RolloutPlan.NothingDue or RolloutPlan.Pending) } rollout
            && rollout.Message != Conditions.Find(certificate.Status?.Conditions, ConditionTypes.RolledOut)?.Message)
        {
            events.Record(ObjectReference.To(certificate), rollout.Status == ConditionTypes.True ? EventSeverity.Normal : EventSeverity.Warning, rollout.Reason, rollout.Message);
        }

        if (changed && ServedEvent.Of(certificate.Status, status) is var (severity, served))
            events.Record(ObjectReference.To(certificate), severity, served.Reason, served.Message);
        if (changed && status.RenewalInfo is { ExplanationURL: { } page } && page != certificate.Status?.RenewalInfo?.ExplanationURL)
            events.Normal(certificate, "RenewalAdvised", $"The CA explains when it wants this certificate renewed: {page}");
    }

    private async Task WriteAsync(Certificate certificate, CertificateStatus status, CancellationToken cancel)
    {
        // Older servers (1.20) do not look at the uid of a status: one that was made anew under the name must not inherit this.
        var key = new ObjectKey(certificate.Metadata.Namespace ?? "", certificate.Metadata.Name ?? "");
        if (certificates.Store.Find(key)?.Metadata.Uid != certificate.Metadata.Uid)
            return;

        var desired = new Certificate
        {
            Metadata = new ObjectMeta
            {
                Name = certificate.Metadata.Name,
                Namespace = certificate.Metadata.Namespace,
                Uid = certificate.Metadata.Uid,
            },
            Status = status,
        };
        using Activity? step = IssuanceTrace.Step("write status");
        try
        {
            certificates.Observe(await client.ApplyStatusAsync(desired, ApiGroup.StatusManager, cancel));
        }
        catch (KubeException gone) when (gone.Failure is KubeFailure.NotFound)
        {
            // Deleted meanwhile: the informer will say so, and nobody is left to tell.
        }
    }

    private static string Success(Situation after, Plan plan, IssuanceResult result, CertificateFacts stored) => plan is Plan.Issue issue
        ? string.Join(' ', (IEnumerable<string>)
        [
            $"{after.Issuer.Ref} signed a certificate, valid until {stored.NotAfter:u}, now in Secret {after.SecretName}.",
            after.EndsWithCa ? CertificateStatusBuilder.CutShort(after) : issue.Message,
            .. result.Advice is { } advice ? [advice] : Array.Empty<string>(),
            .. CaDecisions.Find(after),
        ])
        : ((Plan.Rewrite)plan).Message;

    /// <summary>The condition that got worse or changed its reason; null if nothing needs telling.</summary>
    private static Condition? Warning(CertificateStatus? before, CertificateStatus now)
    {
        // What is going on is no cause for alarm, unless it waits for somebody.
        if (Conditions.Find(now.Conditions, ConditionTypes.Issuing) is { Status: ConditionTypes.True, Reason: not OrderWalk.RecordMissing })
            return null;
        foreach (string type in (string[])[ConditionTypes.Ready, ConditionTypes.Issuing])
        {
            Condition? present = Conditions.Find(now.Conditions, type);
            Condition? was = Conditions.Find(before?.Conditions, type);
            bool bad = present is { Status: ConditionTypes.False, Reason: not ("UpToDate" or IssuerState.NotChecked) } or { Reason: OrderWalk.RecordMissing };
            if (bad && (was?.Reason != present!.Reason || was.Message != present.Message))
                return present;
        }

        return null;
    }

    private void Warn(Certificate certificate, Condition condition)
    {
        events.Warning(certificate, condition.Reason, condition.Message);
        foreach (OwnerReference owner in certificate.Metadata.OwnerReferences ?? [])
        {
            var about = new ObjectReference
            {
                ApiVersion = owner.ApiVersion,
                Kind = owner.Kind,
                Name = owner.Name,
                Uid = owner.Uid,
                Namespace = certificate.Metadata.Namespace,
            };
            events.Record(about, EventSeverity.Warning, condition.Reason, $"Certificate {certificate.Metadata.Name}: {condition.Message}");
        }
    }

    private static bool SameJson(CertificateStatus? a, CertificateStatus b)
        => a is not null && JsonSerializer.SerializeToUtf8Bytes(a, ApiJson.Default.CertificateStatus).AsSpan()
            .SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(b, ApiJson.Default.CertificateStatus));
}
