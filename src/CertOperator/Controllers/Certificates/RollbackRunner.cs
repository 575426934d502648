using CertOperator.Api;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Certificates;

/// <summary>
/// Puts a former key pair back when the user asks for it: only one that satisfies the present spec at this moment, so that nothing is
/// issued over it.
/// </summary>
internal sealed class RollbackRunner(KeyHistory history, PairStore store, TimeProvider time)
{
    private readonly SecretReader _reader = new();

    public async Task<IssuanceResult> RunAsync(Situation situation, string request, KeystorePasswords passwords, CancellationToken cancel)
    {
        if (!TlsSecret.TryReadRevision(request.Split(' ')[0], out int revision))
            return Answer(situation, request, $"\"{request}\" does not begin with the number of a revision.");
        // Stored by an attempt that did not come to tell of it, or by chance what is there.
        if (situation.SecretRevision == revision && SecretShortfall.Find(situation) is null)
            return Answer(situation, request, null);

        var (former, problem) = await history.FindAsync(situation, revision, cancel);
        if (former is null)
            return Answer(situation, request, problem);
        ObjectMeta place = situation.Secret?.Metadata ?? new ObjectMeta { Name = situation.Spec.SecretName, Namespace = situation.Certificate.Metadata.Namespace };
        Situation candidate = situation with { Secret = _reader.Read(FormerPairs.AsTlsSecret(former, place)), Now = time.GetUtcNow() };
        if (SecretShortfall.Find(candidate, $"{FormerPairs.KeyOf(situation.Certificate)} (revision {revision})") is { } shortfall)
            return Answer(situation, request, shortfall.Message);

        IssuanceResult result = await store.PutBackAsync(situation, candidate.Signer, passwords, former, cancel);
        return Answer(situation, request, result.Failed?.Message) with { Stored = result.Stored, History = result.History, Advice = result.Advice };

        IssuanceResult Answer(Situation before, string asked, string? why) => IssuanceResult.Nothing with
        {
            Rollback = new RollbackStatus
            {
                Request = asked,
                Time = time.GetUtcNow(),
                Done = why is null,
                Message = why is null
                    ? $"The Secret {before.SecretName} carries revision {asked.Split(' ')[0]} again."
                    : $"No former key pair was put back into the Secret {before.SecretName}: {why}",
            },
        };
    }
}
