using CertOperator.Api;
using CertOperator.Issuers;
using CertOperator.Rotation;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Certificates;

/// <summary>
/// Owns one Certificate from spec to Secret: looks at the situation, decides, carries the decision out, tells the truth
/// about it in status. Two writes for an issuance, none for a Certificate that is as it should be.
/// </summary>
internal sealed class CertificateReconciler(
    IKubeClient client,
    Informer<Certificate, Certificate> certificates,
    ObjectStore<SecretFacts> secrets,
    IssuerCatalog issuers,
    IssuanceRunner runner,
    SecretWriter writer,
    CertificateReporter reporter,
    RotationSchedule schedule,
    TimeProvider time) : IReconciler
{
    /// <summary>Index of the Certificates by the key of their Secret.</summary>
    public const string BySecret = "secret";

    /// <summary>Index of the Certificates by the name of their issuer.</summary>
    public const string ByIssuer = "issuer";

    public async Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        if (certificates.Store.Find(key) is not { Spec: not null, Metadata.DeletionTimestamp: null } certificate)
        {
            await schedule.RemoveAsync(key, cancel);
            return Outcome.Done;
        }

        var (situation, passwords) = await ObserveAsync(certificate, cancel);
        Plan plan = IssuancePlanner.Decide(situation);
        IssuanceResult? result = plan switch
        {
            Plan.Issue => await runner.IssueAsync(situation, passwords, cancel),
            Plan.Rewrite => await runner.RewriteAsync(situation, passwords, cancel),
            _ => null,
        };

        Situation after = situation with { Secret = result?.Stored ?? situation.Secret, Now = time.GetUtcNow() };
        if (result?.Stored is not null && SecretShortfall.Find(after) is { } still)
        {
            // Without this, a certificate that can never satisfy its spec would be issued again at once, and for ever.
            result = IssuanceResult.Failure(still.Reason, $"{situation.Issuer.Ref} gave what does not satisfy the spec: {still.Message}");
        }

        CertificateStatus status = CertificateStatusBuilder.Build(after, plan, result);
        await reporter.ReportAsync(after, plan, result, status, cancel);
        await ScheduleAsync(key, after, plan, status, cancel);
        return Outcome.Done;
    }

    private async Task<(Situation Situation, KeystorePasswords Passwords)> ObserveAsync(Certificate certificate, CancellationToken cancel)
    {
        CertificateSpec spec = certificate.Spec!;
        string ns = certificate.Metadata.Namespace ?? "";
        var secret = new ObjectKey(ns, spec.SecretName);
        var desired = DesiredCertificate.From(spec, out IReadOnlyList<string> problems);

        KeystorePasswords? passwords = null;
        string? outputsProblem = null;
        try
        {
            if (desired is not null)
                passwords = await KeystorePasswords.ReadAsync(client, certificate, cancel);
        }
        catch (KeystorePasswordException missing)
        {
            outputsProblem = missing.Message;
        }

        var situation = new Situation
        {
            Certificate = certificate,
            Desired = desired,
            SpecProblems = problems,
            Secret = secrets.Find(secret),
            Rival = RivalFor(certificate, secret),
            WrongSecretType = desired is null ? null : await WrongTypeAsync(certificate, secret, cancel),
            Issuer = issuers.Find(ns, spec.IssuerRef),
            OutputsHash = passwords is null ? null : TlsSecret.OutputsHash(spec, passwords),
            OutputsProblem = outputsProblem,
            Now = time.GetUtcNow(),
        };
        return (situation, passwords ?? KeystorePasswords.None);
    }

    /// <summary>The older of two Certificates with one Secret keeps it; names break the tie.</summary>
    private string? RivalFor(Certificate certificate, ObjectKey secret)
        => certificates.Store.Lookup(BySecret, secret.ToString())
            .Select(other => other.Metadata)
            .Where(other => other.DeletionTimestamp is null && other.Name != certificate.Metadata.Name)
            .Where(other => (other.CreationTimestamp, other.Name).CompareTo((certificate.Metadata.CreationTimestamp, certificate.Metadata.Name)) < 0)
            .MinBy(other => (other.CreationTimestamp, other.Name))?.Name;

    /// <summary>Whether what the last write ran into is still there. Only then is a Secret read that the cache does not show.</summary>
    private async Task<string?> WrongTypeAsync(Certificate certificate, ObjectKey secret, CancellationToken cancel)
        => secrets.Find(secret) is null && Conditions.Find(certificate.Status?.Conditions, ConditionTypes.Issuing)?.Reason == SecretOwnership.WrongType
            ? await writer.FindWrongTypeAsync(secret, cancel)
            : null;

    /// <summary>One trigger for the next moment at which time alone changes something.</summary>
    private async Task ScheduleAsync(ObjectKey key, Situation after, Plan plan, CertificateStatus status, CancellationToken cancel)
    {
        DateTimeOffset?[] times =
        [
            (plan as Plan.UpToDate)?.Until,
            (plan as Plan.Wait)?.Until,
            status.NextAttemptTime,
            after.RenewalTime,
            after.Secret?.Certificate?.ChainNotAfter,
        ];
        if (times.Where(at => at > after.Now).Min() is { } next)
            await schedule.SetAsync(key, next, cancel);
        else
            await schedule.RemoveAsync(key, cancel);
    }
}
