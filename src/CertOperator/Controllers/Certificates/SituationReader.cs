using CertOperator.Api;
using CertOperator.Issuers;
using CertOperator.Issuers.Constraints;
using CertOperator.Rotation;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Certificates;

/// <summary>Looks at all that a decision about a Certificate rests on: in the caches, but for Secrets that they do not hold.</summary>
internal sealed class SituationReader(
    IKubeClient client, Informer<Certificate, Certificate> certificates, ObjectStore<SecretFacts> secrets, IssuerCatalog issuers, SecretWriter writer, TimeProvider time)
{
    private readonly ConstraintCheck _constraints = new(new NamespaceLabels(client, time));
    private readonly RenewalCalendar _renewals = new();

    public async Task<(Situation Situation, KeystorePasswords Passwords)> ReadAsync(Certificate certificate, CancellationToken cancel)
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

        IReadOnlyList<IssuerState> named = [.. new[] { spec.IssuerRef }.Concat(spec.FallbackIssuerRefs ?? []).Select(reference => issuers.Find(new ObjectKey(ns, certificate.Metadata.Name ?? ""), reference))];
        var situation = new Situation
        {
            Certificate = certificate,
            Desired = desired,
            SpecProblems = problems,
            Secret = secrets.Find(secret),
            Rival = RivalFor(certificate, secret),
            WrongSecretType = desired is null ? null : await WrongTypeAsync(certificate, secret, cancel),
            Issuers = desired is null ? named : await _constraints.ApplyAsync(named, ns, desired, cancel),
            RenewalInfo = certificate.Status?.RenewalInfo,
            History = certificate.Status?.History,
            OutputsHash = passwords is null ? null : TlsSecret.OutputsHash(spec, passwords),
            OutputsProblem = outputsProblem,
            Renewals = _renewals,
            Now = time.GetUtcNow(),
        };
        return (situation, passwords ?? KeystorePasswords.None);
    }

    /// <summary>The Certificate is gone: its place among the renewals is free.</summary>
    public void Forget(ObjectKey certificate) => _renewals.Remove(certificate);

    /// <summary>The older of two Certificates with one Secret keeps it; names break the tie.</summary>
    private string? RivalFor(Certificate certificate, ObjectKey secret)
        => certificates.Store.Lookup(CertificateReconciler.BySecret, secret.ToString())
            .Select(other => other.Metadata)
            .Where(other => other.DeletionTimestamp is null && other.Name != certificate.Metadata.Name)
            .Where(other => (other.CreationTimestamp, other.Name).CompareTo((certificate.Metadata.CreationTimestamp, certificate.Metadata.Name)) < 0)
            .MinBy(other => (other.CreationTimestamp, other.Name))?.Name;

    /// <summary>Whether what the last write ran into is still there. Only then is a Secret read that the cache does not show.</summary>
    private async Task<string?> WrongTypeAsync(Certificate certificate, ObjectKey secret, CancellationToken cancel)
        => secrets.Find(secret) is null && Conditions.Find(certificate.Status?.Conditions, ConditionTypes.Issuing)?.Reason == SecretOwnership.WrongType
            ? await writer.FindWrongTypeAsync(secret, cancel)
            : null;
}
