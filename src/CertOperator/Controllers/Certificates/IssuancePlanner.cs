using CertOperator.Api;
using CertOperator.Issuers.Constraints;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Certificates;

/// <summary>Decides what is to be done about a Certificate. Pure: the same situation gives the same plan.</summary>
internal static class IssuancePlanner
{
    /// <summary>Secrets with keystore passwords are not watched, so they are looked at again after this time.</summary>
    public static readonly TimeSpan PasswordCheck = TimeSpan.FromMinutes(5);

    /// <summary>A Secret that stands in the way and is not watched is looked at this often.</summary>
    private static readonly TimeSpan UnwatchedRetry = TimeSpan.FromSeconds(30);

    private const int ProblemsTold = 3;

    public static Plan Decide(Situation situation)
    {
        if (situation.Desired is null)
            return new Plan.Refuse("InvalidSpec", Told(situation.SpecProblems));
        if (situation.Rival is { } rival)
            return new Plan.Refuse("SecretNameTaken", $"The Secret {situation.SecretName} is that of the Certificate {rival}, which is older and names it too: choose another secretName here, or delete {rival}.");

        SecretShortfall? shortfall = SecretShortfall.Find(situation);
        if (SecretOwnership.Objection(situation, shortfall) is { } objection)
            return new Plan.Refuse("SecretOwnedByOther", objection);
        if (situation.OutputsProblem is { } problem)
            return new Plan.Wait(situation.Now + UnwatchedRetry, "KeystorePasswordMissing", problem);
        if (situation.WrongSecretType is { } type)
            return new Plan.Wait(situation.Now + UnwatchedRetry, SecretOwnership.WrongType, SecretOwnership.TypeObjection(situation.SecretName, type));

        if (situation.RollbackRequest is { } request && request != situation.Certificate.Status?.Rollback?.Request)
            return new Plan.RollBack(request);
        shortfall ??= RenewalAsked(situation) ?? RenewalDue(situation);
        return shortfall is null ? Keep(situation) : Replace(situation, shortfall);
    }

    private static Plan Replace(Situation situation, SecretShortfall shortfall)
    {
        if (!situation.Issuer.Ready)
        {
            DateTimeOffset? again = situation.Now + situation.Issuers.Min(issuer => issuer.LookAgainAfter);
            return new Plan.Wait(
                again is null || NextCheck(situation) < again ? NextCheck(situation) : again, situation.Issuer.Reason, $"{shortfall.Message} {situation.Issuer.Message}")
            {
                Abandons = situation.Issuer.Reason == ConstraintCheck.NotAllowed,
            };
        }

        return BackOff(situation) ?? (Plan)new Plan.Issue(shortfall.Reason, shortfall.Message);
    }

    private static Plan Keep(Situation situation)
        => WhyRewrite(situation) as Plan ?? new Plan.UpToDate(NextCheck(situation)!.Value);

    private static Plan.Rewrite? WhyRewrite(Situation situation)
    {
        SecretFacts secret = situation.Secret!;
        if (!situation.OwnsSecret)
            return new("Adopted", $"The Secret {situation.SecretName} satisfies the spec and was adopted without a new certificate.");
        if (!secret.Intact || secret.Annotation(Labels.DataHash) is null)
            return new("SecretEdited", $"The Secret {situation.SecretName} was edited by somebody else and was put right.");
        if (secret.Annotation(Labels.OutputsHash) != situation.OutputsHash
            || secret.Certificate!.KeyEncoding != situation.Desired!.KeyEncoding
            || !Holds(secret.Metadata.Labels, situation.Spec.SecretTemplate?.Labels)
            || !Holds(secret.Metadata.Annotations, situation.Spec.SecretTemplate?.Annotations))
        {
            return new("OutputsChanged", $"The Secret {situation.SecretName} was brought in step with the spec without a new certificate.");
        }

        return null;
    }

    /// <summary>When time alone changes something: renewal, the dates of the chain, or a password that nobody watches.</summary>
    private static DateTimeOffset? NextCheck(Situation situation)
    {
        if (situation.Secret?.Certificate is not { } stored)
            return null;
        DateTimeOffset?[] times =
        [
            situation.RenewalTime,
            stored.NotBefore,
            stored.ChainNotAfter,
            situation.RenewalInfo?.NextCheck,
            HasWatchlessPassword(situation.Spec) ? situation.Now + PasswordCheck : null,
        ];
        return times.Where(time => time > situation.Now).Min();
    }

    private static SecretShortfall? RenewalAsked(Situation situation)
        => situation.IsRenewalAsked
            ? new("RenewalAsked", $"A new certificate was asked for by the annotation {Annotations.Renew}.")
            : null;

    private static SecretShortfall? RenewalDue(Situation situation)
    {
        if (situation.RenewalTime is not { } renewal || situation.Now < renewal)
            return null;

        // A certificate that ends with its CA cannot be prolonged by it; trying would go on for ever.
        if (situation.Signer.Ca is { } ca && ca.NotAfter <= situation.Secret!.Certificate!.NotAfter)
            return null;
        return new("RenewalDue", $"The certificate in Secret {situation.SecretName} is due for renewal since {renewal:u}.");
    }

    /// <summary>
    /// Waiting after a failure, in the words of that failure, unless spec or issuer changed since, or the user says so: what failed
    /// may have been mended.
    /// </summary>
    private static Plan.Wait? BackOff(Situation situation)
    {
        CertificateStatus? status = situation.Certificate.Status;
        if (situation.RetryNow is { } wish && wish != status?.RetriedFor)
            return null;
        Condition? issuing = Conditions.Find(status?.Conditions, ConditionTypes.Issuing);
        // With several issuers each is tried once before all of them are waited for.
        bool isTried = status?.FailedWith == situation.Attempt || (situation.Issuers.Count > 1 && !situation.Issuer.IsWell);
        return status?.NextAttemptTime is { } next && next > situation.Now && isTried && issuing is not null
            ? new Plan.Wait(next, issuing.Reason, status.LastFailure ?? issuing.Message)
            : null;
    }

    /// <summary>A spec with a hundred bad names is told by the first few.</summary>
    private static string Told(IReadOnlyList<string> problems)
        => string.Join(" ", problems.Take(ProblemsTold)) + (problems.Count > ProblemsTold ? $" And {problems.Count - ProblemsTold} more." : "");

    private static bool HasWatchlessPassword(CertificateSpec spec)
        => spec.Keystores?.Jks is { Create: true, PasswordSecretRef: not null }
        || spec.Keystores?.Pkcs12 is { Create: true, PasswordSecretRef: not null };

    private static bool Holds(IReadOnlyDictionary<string, string>? present, IReadOnlyDictionary<string, string>? wanted)
        => wanted is null || wanted.All(pair => present?.GetValueOrDefault(pair.Key) == pair.Value);
}
