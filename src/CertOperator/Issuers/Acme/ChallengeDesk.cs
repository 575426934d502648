using System.Collections.Concurrent;
using System.Diagnostics;
using CertOperator.Acme.Issuance;
using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Challenges.Dns;
using CertOperator.Runtime.Client;
using CertOperator.Telemetry;

namespace CertOperator.Issuers.Acme;

/// <summary>Has the challenges of one order answered, several at a time and each for itself.</summary>
internal sealed class ChallengeDesk(SolverCatalog solvers, IIssuerObject issuer, Certificate certificate, ChallengeAccount account)
{
    private const int Parallelism = 8;
    private const int MostTold = 5;

    public async Task<IReadOnlyDictionary<PendingChallenge, Presentation>> PresentAsync(IReadOnlyList<PendingChallenge> challenges, CancellationToken cancel)
    {
        var found = new ConcurrentDictionary<PendingChallenge, Presentation>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancel };
        await Parallel.ForEachAsync(challenges, parallel, async (challenge, token) =>
        {
            using Activity? step = Step("present challenge", challenge);
            found[challenge] = Find(challenge) is { } solver
                ? await solver.Solver.PresentAsync(Task(challenge, solver.Spec), token)
                : new Presentation.Impossible($"The issuer has no solver any more that answers {challenge.Type} for {challenge.Identifier}: add one.");
            step?.SetTag("certoperator.presentation", found[challenge].GetType().Name);
        });
        return found;
    }

    /// <returns>False if something is left that may be removed later.</returns>
    public async Task<bool> RemoveAsync(IReadOnlyList<PendingChallenge> challenges, CancellationToken cancel)
    {
        int left = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancel };
        await Parallel.ForEachAsync(challenges, parallel, async (challenge, token) =>
        {
            using Activity? step = Step("remove challenge", challenge);
            if (Find(challenge) is { } solver && !await solver.Solver.RemoveAsync(Task(challenge, solver.Spec), token))
                Interlocked.Increment(ref left);
        });
        return left == 0;
    }

    /// <summary>What the CA looks for in vain where lasting records validate, one sentence; null if none do.</summary>
    public string? Missing(IReadOnlyList<PendingChallenge> challenges)
    {
        string[] records =
        [
            .. challenges.Where(challenge => challenge is { IsValid: false, Persistent: not null })
                .Select(challenge => LastingRecord.Show(challenge.Persistent!.Record(Find(challenge)?.Spec.Dns01?.PersistUntil)))
                .Distinct().Order(StringComparer.Ordinal).Take(MostTold),
        ];
        return records.Length == 0 ? null : $"It looks for {string.Join(", for ", records)}.";
    }

    private static Activity? Step(string name, PendingChallenge challenge)
        => IssuanceTrace.Step(name)?.SetTag("acme.identifier", challenge.Identifier.Value).SetTag("acme.challenge", challenge.Type);

    private (IChallengeSolver Solver, AcmeSolverSpec Spec)? Find(PendingChallenge challenge)
        => solvers.Find(issuer.Spec!.Acme!, challenge, certificate.Metadata.Labels);

    private ChallengeTask Task(PendingChallenge challenge, AcmeSolverSpec spec)
        => new(new ObjectKey(certificate.Metadata.Namespace ?? "", certificate.Metadata.Name ?? ""), issuer, spec, challenge, account);
}
