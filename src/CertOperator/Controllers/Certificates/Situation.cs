using System.Globalization;
using CertOperator.Api;
using CertOperator.Controllers.Rollouts;
using CertOperator.Issuers;
using CertOperator.Rotation;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Certificates;

/// <summary>Everything that a decision about a Certificate rests on.</summary>
internal sealed record Situation
{
    public required Certificate Certificate { get; init; }

    /// <summary>The spec, read; null if it breaks a rule.</summary>
    public required DesiredCertificate? Desired { get; init; }

    public required IReadOnlyList<string> SpecProblems { get; init; }

    public required SecretFacts? Secret { get; init; }

    /// <summary>An older Certificate of the namespace with the same secretName; null if there is none.</summary>
    public string? Rival { get; init; }

    /// <summary>The issuers that the spec names, the preferred one first.</summary>
    public required IReadOnlyList<IssuerState> Issuers { get; init; }

    /// <summary>What the CA advised about the stored certificate.</summary>
    public RenewalInfoStatus? RenewalInfo { get; init; }

    /// <summary>The former key pairs that are kept; null if there never were any.</summary>
    public IReadOnlyList<FormerRevision>? History { get; init; }

    /// <summary>How the restarts of workloads stand; null if nothing is known but what status tells.</summary>
    public RolloutState? Rollout { get; init; }

    /// <summary>What is to be said of how the certificate is served; null: nothing.</summary>
    public Condition? Served { get; init; }

    /// <summary>The type of the Secret if it is not the TLS type, as far as that is known: such Secrets are not watched.</summary>
    public string? WrongSecretType { get; init; }

    /// <summary>As the Secret's annotation must be; null if a keystore's password cannot be had.</summary>
    public required string? OutputsHash { get; init; }

    /// <summary>Why a keystore's password cannot be had.</summary>
    public string? OutputsProblem { get; init; }

    /// <summary>When the certificates of the cluster are renewed.</summary>
    public required RenewalCalendar Renewals { get; init; }

    public required DateTimeOffset Now { get; init; }

    public CertificateSpec Spec => Certificate.Spec!;

    /// <summary>
    /// Who is to sign next: who has an order under way; else the first that is ready and well; else the first that is ready.
    /// </summary>
    public IssuerState Issuer
        => Issuers.FirstOrDefault(issuer => issuer is { Ready: true, IsWell: true } && UnderWay?.Issuer == issuer.Ref.ToString())
        ?? Issuers.FirstOrDefault(issuer => issuer is { Ready: true, IsWell: true })
        ?? Issuers.FirstOrDefault(issuer => issuer.Ready)
        ?? Issuers[0];

    /// <summary>Who signed what is stored, as far as the spec still names it.</summary>
    public IssuerState Signer => Issuers.FirstOrDefault(issuer => issuer.Ref.ToString() == Secret?.Annotation(Labels.Issuer)) ?? Issuers[0];

    /// <summary>The issuance that has begun.</summary>
    public IssuanceStatus? UnderWay => Certificate.Status?.Issuance;

    /// <summary>Identifier of the attempt, if one begins now.</summary>
    public string NewAttemptId { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>Identifier of the attempt that goes on or begins.</summary>
    public string AttemptId => CanResume ? UnderWay!.Id : NewAttemptId;

    /// <summary>When it began.</summary>
    public DateTimeOffset AttemptBegan => CanResume ? UnderWay!.Started : Now;

    /// <summary>Whether what is under way is still what is wanted, of whom it is wanted.</summary>
    public bool CanResume => UnderWay is { } underWay && underWay.SpecHash == Desired?.SpecHash && underWay.Issuer == Issuer.Ref.ToString();

    /// <summary>What an attempt is made with: what failed with it once fails again.</summary>
    public string Attempt => $"{Certificate.Metadata.Generation}/{Issuer.Version}";

    /// <summary>The user's wish to try again at once; each value is one.</summary>
    public string? RetryNow => Certificate.Metadata.Annotations?.GetValueOrDefault(Annotations.RetryNow) is { Length: > 0 } value ? CertificateRules.Shown(value) : null;

    /// <summary>The user's wish to have a former key pair put back; each value is one.</summary>
    public string? RollbackRequest => Certificate.Metadata.Annotations?.GetValueOrDefault(Annotations.Rollback) is { Length: > 0 } value ? CertificateRules.Shown(value) : null;

    /// <summary>The user's wish for a new certificate; each value is one.</summary>
    public string? Renew => Certificate.Metadata.Annotations?.GetValueOrDefault(Annotations.Renew) is { Length: > 0 } value ? CertificateRules.Shown(value) : null;

    /// <summary>The wish is not fulfilled yet: what status does not tell of was stored since.</summary>
    public bool IsRenewalAsked => Renew is { } wish && wish != Certificate.Status?.RenewedFor
        && Secret?.Certificate?.Fingerprint is { } stored && stored == Certificate.Status?.Fingerprint;

    public string SecretName => $"{Certificate.Metadata.Namespace}/{Spec.SecretName}";

    /// <summary>The Secret carries this Certificate's label.</summary>
    public bool OwnsSecret => Secret?.IsOf(Certificate.Metadata.Name) == true;

    /// <summary>Which issuance the stored key pair is of, as the Secret says; null if it does not.</summary>
    public int? SecretRevision => OwnsSecret && TlsSecret.TryReadRevision(Secret!.Annotation(Labels.Revision), out int revision) ? revision : null;

    /// <summary>Where the stored key pair stands among the issuances; what was written before Secrets said so is of the last one.</summary>
    public PairPlace StoredPlace => new(SecretRevision ?? Certificate.Status?.Revision ?? 0, RolledBackAt);

    /// <summary>Where the next issued key pair will stand.</summary>
    public PairPlace NextPlace => new(Math.Max(Certificate.Status?.Revision ?? 0, StoredPlace.Revision) + 1);

    /// <summary>When the stored key pair was put back in the place of a later one; null if it was not.</summary>
    public DateTimeOffset? RolledBackAt
        => OwnsSecret && DateTimeOffset.TryParse(Secret!.Annotation(Labels.RolledBack), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : null;

    /// <summary>The stored certificate ends with the CA that signed it, sooner than was asked for.</summary>
    public bool EndsWithCa => Secret?.Certificate is { } stored && Signer.Ca?.NotAfter <= stored.NotAfter
        && stored.NotAfter - stored.NotBefore < Desired?.Duration;

    /// <summary>When the stored certificate is renewed; null without one.</summary>
    public DateTimeOffset? RenewalTime
    {
        get
        {
            if (Desired is null || Secret?.Certificate is not { } stored)
                return null;
            string uid = Certificate.Metadata.Uid ?? "";
            RenewalRange range = RenewalPolicy.RangeOf(Desired, stored.NotBefore, stored.NotAfter, uid, Now, Advice(stored), RolledBackAt);
            return Renewals.TimeOf(new ObjectKey(Certificate.Metadata.Namespace ?? "", Certificate.Metadata.Name ?? ""), uid, range, Certificate.Status?.RenewalTime, Now);
        }
    }

    /// <summary>When the CA wants it renewed; not at once after it was issued, or a CA could have it renewed for ever.</summary>
    private RenewalAdvice? Advice(CertificateFacts stored)
    {
        if (RenewalInfo is not { ChosenTime: { } chosen, SuggestedWindow.End: var end } || RenewalInfo.CertificateID != stored.RenewalId || !Signer.IsAcme)
            return null;
        DateTimeOffset issued = Certificate.Status?.Attempts?.FirstOrDefault(attempt => attempt.Outcome == IssuanceAttempt.Issued)?.Time ?? stored.NotBefore;
        DateTimeOffset earliest = issued + RenewalPolicy.LeastAge(stored.NotAfter - stored.NotBefore);
        return new RenewalAdvice(chosen > earliest ? chosen : earliest, end);
    }
}
