using CertOperator.Api;
using CertOperator.Runtime.Client;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Certificates;

/// <summary>
/// Keeps the former key pairs of Certificates that ask for it, in a Secret beside each. It is read when it is needed: one write per
/// rotation, none where no history is asked for.
/// </summary>
internal sealed class KeyHistory(IKubeClient client, TimeProvider time)
{
    /// <summary>What is kept now, and why not all that should be.</summary>
    /// <param name="Pairs">For status; null if nothing was changed.</param>
    /// <param name="Problem">One sentence; null if there is none.</param>
    internal sealed record Kept(IReadOnlyList<FormerRevision>? Pairs, string? Problem = null)
    {
        public static readonly Kept Unchanged = new((IReadOnlyList<FormerRevision>?)null);
    }

    /// <summary>The pair of one revision, or one sentence for why there is none.</summary>
    public async Task<(FormerPair? Pair, string Problem)> FindAsync(Situation situation, int revision, CancellationToken cancel)
    {
        ObjectKey key = FormerPairs.KeyOf(situation.Certificate);
        Secret? secret = await client.FindAsync<Secret>(key, cancel);
        if (secret is null || !FormerPairs.IsOf(situation.Certificate, secret))
        {
            return (null, situation.Spec.History > 0
                ? $"No former key pair is kept in the Secret {key} yet."
                : "The spec has no history, so no former key pair is kept.");
        }

        if (!DataHash.Matches(secret.Metadata.Annotations?.GetValueOrDefault(Labels.DataHash), secret.Data))
            return (null, $"The Secret {key} was edited by somebody else, so nothing is taken from it.");
        IReadOnlyList<FormerPair> pairs = FormerPairs.In(secret);
        return pairs.FirstOrDefault(pair => pair.Revision == revision) is { } found
            ? (found, "")
            : (null, $"The Secret {key} does not hold revision {revision}, but {(pairs.Count == 0 ? "nothing" : string.Join(", ", pairs.Select(pair => pair.Revision)))}.");
    }

    /// <summary>Keeps the stored key pair, which is about to be replaced. Once the Secret is written it is too late.</summary>
    public async Task<Kept> KeepAsync(Situation situation, int next, CancellationToken cancel)
    {
        bool isWorthIt = situation is { Spec.History: > 0, OwnsSecret: true, Secret: { Problem: null, Intact: true, Certificate: { } stored } } && stored.ChainNotAfter > situation.Now;
        if (!isWorthIt || await client.FindAsync<Secret>(situation.Secret!.Key, cancel) is not { } tls)
            return Kept.Unchanged;
        int revision = TlsSecret.TryReadRevision(tls.Metadata.Annotations?.GetValueOrDefault(Labels.Revision), out int said) ? said : situation.StoredPlace.Revision;
        return FormerPairs.Of(tls, revision) is { } replaced ? await WriteAsync(situation, replaced, next, cancel) : Kept.Unchanged;
    }

    /// <summary>Drops what is kept beyond what the spec asks for now; and looks at it again where status does not tell of the stored key pair.</summary>
    /// <returns>What is kept now.</returns>
    public async Task<IReadOnlyList<FormerRevision>?> TrimAsync(Situation situation, IssuanceResult? result, CancellationToken cancel)
    {
        CertificateStatus? status = situation.Certificate.Status;
        int count = situation.Spec.History ?? 0;
        bool isTooMuch = status?.History is { } told && (count == 0 || told.Count > count);
        bool isUntold = situation is { OwnsSecret: true, Secret.Certificate: { } stored } && stored.Fingerprint != status?.Fingerprint;
        bool isDue = situation.Desired is not null && result?.Stored is null && (isTooMuch || isUntold);
        return isDue ? (await WriteAsync(situation, null, situation.StoredPlace.Revision, cancel)).Pairs ?? situation.History : situation.History;
    }

    /// <param name="situation">Whose.</param>
    /// <param name="replaced">What is about to be replaced; null if the Secret is as it will be.</param>
    /// <param name="next">The revision that is in the Secret then.</param>
    /// <param name="cancel">Ends the call.</param>
    private async Task<Kept> WriteAsync(Situation situation, FormerPair? replaced, int next, CancellationToken cancel)
    {
        ObjectKey key = FormerPairs.KeyOf(situation.Certificate);
        Secret? present = await client.FindAsync<Secret>(key, cancel);
        if (present is not null && !FormerPairs.IsOf(situation.Certificate, present))
            return new Kept([], replaced is null ? null : $"The former key pair was not kept: the Secret {key} is somebody else's. Delete it, or leave history out.");
        if (present is null && replaced is null)
            return new Kept([]);

        IReadOnlyList<FormerPair> known = present is null ? [] : FormerPairs.In(present);
        IReadOnlyList<FormerPair> chosen = replaced is null
            ? FormerPairs.Latest(known, next, situation.Spec.History ?? 0, time.GetUtcNow())
            : FormerPairs.Choose(known, replaced, next, situation.Spec.History ?? 0, time.GetUtcNow());
        Secret wanted = FormerPairs.Build(situation.Certificate, chosen);
        try
        {
            if (present?.Metadata.Annotations?.GetValueOrDefault(Labels.DataHash) != wanted.Metadata.Annotations![Labels.DataHash])
                await client.ApplyAsync(wanted, ApiGroup.FieldManager, force: present is not null, cancel);
        }
        catch (KubeException refused) when (refused is { Failure: KubeFailure.Forbidden or KubeFailure.Invalid or KubeFailure.Conflict, NamespaceTerminating: false })
        {
            // A rotation is not held up by it.
            return new Kept(null, $"The former key pair was not kept: the Secret {key} cannot be written: {refused.Message}");
        }

        return new Kept([.. chosen.Where(pair => pair.Revision != next).Select(pair => pair.Told)]);
    }
}
