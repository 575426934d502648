using CertOperator.Acme.Challenges;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Orders;

namespace CertOperator.Acme.Issuance;

/// <summary>The steps in which the CA validates the names.</summary>
internal static class Validation
{
    private const int Parallelism = 8;

    private static readonly TimeSpan ShortestRepeat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRepeat = TimeSpan.FromMinutes(5);

    /// <summary>Chooses a challenge for each name that is not validated yet.</summary>
    public static async Task<OrderStep> BeginAsync(OrderRun run, Order order, CancellationToken cancel)
    {
        var authorizations = await run.Client.Orders.GetAuthorizationsAsync(run.Account, order.Authorizations, cancel).ConfigureAwait(false);
        var chosen = new List<PendingChallenge>();
        foreach (var authorization in authorizations.Where(authorization => authorization.Status != AuthorizationStatus.Valid))
        {
            if (authorization.Status != AuthorizationStatus.Pending) return run.Fail(ValidationFailure.Of([authorization]));
            if (!order.Identifiers.Contains(authorization.Identifier))
                throw Failures.Unreadable(AcmeStage.Authorization, authorization.Url, "it is for a name that was not ordered");
            if (Choose(run, authorization) is not { } challenge) return run.Fail(NoChallenge(run, authorization));
            chosen.Add(challenge);
        }
        if (chosen.Count == 0)
        {
            // Some servers take a while to see that the last name is validated.
            var at = PollDelay.Next(run.Known.StartedAt, order.RetryAfter, run.Now);
            return new OrderStep.WaitUntil(run.Known, at, "All names are validated; the CA has yet to say that the order is ready.", []) { IsAsked = order.RetryAfter is not null };
        }
        run.State = run.Known with { Challenges = chosen };
        return new OrderStep.NeedPresent(run.Known, chosen);
    }

    /// <summary>Tells the CA to look at what is presented, or asks what it found.</summary>
    public static async Task<OrderStep> AdvanceAsync(OrderRun run, CancellationToken cancel)
    {
        await RestoreAsync(run, cancel).ConfigureAwait(false);
        var replies = await AnswerAsync(run, challenge => challenge is { IsPresented: true, AnsweredAt: null }, cancel).ConfigureAwait(false);
        if (FirstWait(run, replies) is { } wait) return wait;
        var authorizations = await ReadAsync(run, cancel).ConfigureAwait(false);
        if (authorizations.Where(IsOver).ToArray() is { Length: > 0 } failed) return run.Fail(ValidationFailure.Of(failed));
        var valid = authorizations.Where(authorization => authorization.Status == AuthorizationStatus.Valid).Select(authorization => authorization.Url.OriginalString).ToHashSet();
        if (valid.Count > 0) Change(run, challenge => valid.Contains(challenge.Authorization.OriginalString) ? challenge with { IsValid = true } : challenge);
        var challenges = run.Known.Challenges;
        if (challenges.All(challenge => challenge.IsValid)) return new OrderStep.NeedCleanup(run.Known, challenges);
        if (challenges.Where(challenge => !challenge.IsPresented).ToArray() is { Length: > 0 } missing) return new OrderStep.NeedPresent(run.Known, missing);
        var pending = authorizations.Where(authorization => authorization.Status != AuthorizationStatus.Valid).ToArray();
        if (pending.Length > 0 && run.Now - challenges.Min(challenge => challenge.FirstAnsweredAt) > run.Job.Patience)
            return run.Fail(ValidationFailure.TooLate(pending, run.Job.Patience));
        return await WaitAsync(run, pending, cancel).ConfigureAwait(false);
    }

    /// <summary>Why an order is over: what the CA says of it, or of its names.</summary>
    public static async Task<OrderStep> ExplainAsync(OrderRun run, Order order, CancellationToken cancel)
    {
        if (order.Error is { } error) return run.Fail(Failures.Of(AcmeStage.Order, $"{Failures.Host(order.Url)} gave up the order", error, order.Url));
        var authorizations = await run.Client.Orders.GetAuthorizationsAsync(run.Account, order.Authorizations, cancel).ConfigureAwait(false);
        return authorizations.Where(IsOver).ToArray() is { Length: > 0 } failed
            ? run.Fail(ValidationFailure.Of(failed))
            : run.Fail(FailureClass.NewOrder, Fault.Ca, AcmeStage.Order, $"{Failures.Host(order.Url)} gave up the order without a reason; it says \"{order.StatusText}\".");
    }

    /// <summary>What is not stored of a challenge is asked for again.</summary>
    private static async Task RestoreAsync(OrderRun run, CancellationToken cancel)
    {
        var lost = run.Known.Challenges.Where(challenge => challenge is { Type: ChallengeTypes.DnsPersist01, Persistent: null, IsPresented: false, IsValid: false }).ToArray();
        var read = await run.Client.Orders.GetAuthorizationsAsync(run.Account, [.. lost.Select(challenge => challenge.Authorization)], cancel).ConfigureAwait(false);
        foreach (var (challenge, authorization) in lost.Zip(read))
        {
            var found = authorization.Challenges.FirstOrDefault(candidate => candidate.Url.OriginalString == challenge.Url.OriginalString);
            if (found is not null && challenge.Identifier == authorization.Identifier)
                Change(run, other => other == challenge ? challenge with { Persistent = Persistent(run, authorization.Identifier, found) } : other);
        }
    }

    private static bool IsOver(Authorization authorization)
        => authorization.Status is not (AuthorizationStatus.Pending or AuthorizationStatus.Valid);

    private static async Task<IReadOnlyList<Authorization>> ReadAsync(OrderRun run, CancellationToken cancel)
    {
        var urls = run.Known.Challenges.Where(challenge => challenge is { AnsweredAt: not null, IsValid: false }).Select(challenge => challenge.Authorization).ToArray();
        return await run.Client.Orders.GetAuthorizationsAsync(run.Account, urls, cancel).ConfigureAwait(false);
    }

    /// <summary>The wait after the CA was told to look at all that is left; null if there is something to ask for already.</summary>
    private static OrderStep.WaitUntil? FirstWait(OrderRun run, IReadOnlyList<Challenge?> replies)
    {
        var open = run.Known.Challenges.Where(challenge => !challenge.IsValid).ToArray();
        return open.Length > 0 && open.Length == replies.Count && replies.All(reply => reply is { Status: ChallengeStatus.Pending or ChallengeStatus.Processing, Error: null })
            ? Wait(run, [.. open.Zip(replies, (challenge, reply) => Progress(challenge.Identifier, reply))], replies.Select(reply => reply!.RetryAfter).Max())
            : null;
    }

    private static async Task<OrderStep> WaitAsync(OrderRun run, Authorization[] pending, CancellationToken cancel)
    {
        // A server that leaves a failed challenge pending looks again only when it is told to (step-ca does so).
        var stuck = pending.SelectMany(authorization => authorization.Challenges).Where(challenge => challenge is { Status: ChallengeStatus.Pending, Error: not null });
        var urls = stuck.Select(challenge => challenge.Url.OriginalString).ToHashSet();
        await AnswerAsync(run, challenge => urls.Contains(challenge.Url.OriginalString) && IsDueAgain(challenge, run.Now), cancel).ConfigureAwait(false);
        return Wait(run, [.. pending.Select(authorization => Progress(run, authorization))], pending.Select(authorization => authorization.RetryAfter).Max());
    }

    private static OrderStep.WaitUntil Wait(OrderRun run, NameProgress[] names, DateTimeOffset? asked)
    {
        var since = run.Known.Challenges.Where(challenge => !challenge.IsValid).Max(challenge => challenge.AnsweredAt) ?? run.Now;
        var problem = names.FirstOrDefault(name => name.Problem is not null) is { } first ? $" {first.Identifier}: {first.Problem}" : "";
        var why = PrintableText.Clean($"The CA is validating {string.Join(", ", names.Take(3).Select(name => name.Identifier))}{(names.Length > 3 ? $" and {names.Length - 3} more" : "")}.{problem}");
        return new OrderStep.WaitUntil(run.Known, PollDelay.Next(since, asked, run.Now), why, names) { IsAsked = asked is not null };
    }

    private static bool IsDueAgain(PendingChallenge challenge, DateTimeOffset now)
    {
        var wait = (challenge.AnsweredAt - challenge.FirstAnsweredAt) ?? TimeSpan.Zero;
        return now - challenge.AnsweredAt >= (wait < ShortestRepeat ? ShortestRepeat : wait > LongestRepeat ? LongestRepeat : wait);
    }

    private static NameProgress Progress(OrderRun run, Authorization authorization)
    {
        var url = run.Known.Challenges.First(challenge => challenge.Authorization.OriginalString == authorization.Url.OriginalString).Url.OriginalString;
        return Progress(authorization.Identifier, authorization.Challenges.FirstOrDefault(challenge => challenge.Url.OriginalString == url));
    }

    private static NameProgress Progress(Identifier name, Challenge? challenge)
        => new(name, challenge?.Status == ChallengeStatus.Processing ? "processing" : "pending", challenge?.Error?.Describe());

    private static PendingChallenge? Choose(OrderRun run, Authorization authorization)
    {
        var offered = authorization.Challenges.Where(challenge => IsUsable(run, challenge)).ToArray();
        var type = run.Job.ChallengeTypes(authorization.Identifier).FirstOrDefault(type => offered.Any(challenge => challenge.Type == type));
        return offered.FirstOrDefault(challenge => challenge.Type == type) is { } challenge
            ? new PendingChallenge
            {
                Identifier = authorization.Identifier,
                Type = challenge.Type,
                Url = challenge.Url,
                Authorization = authorization.Url,
                Token = challenge.Token,
                Persistent = Persistent(run, authorization.Identifier, challenge),
            }
            : null;
    }

    private static DnsPersist01? Persistent(OrderRun run, Identifier name, Challenge challenge)
        => challenge.Type == ChallengeTypes.DnsPersist01
            ? DnsPersist01.Of(name, challenge, run.Directory, run.Account, run.Job.Identifiers.Any(other => other.IsWildcard && other.WithoutWildcard() == name))
            : null;

    private static bool IsUsable(OrderRun run, Challenge challenge)
        => challenge.Status is ChallengeStatus.Pending or ChallengeStatus.Processing
            && StateCheck.IsKnownType(challenge.Type)
            && (challenge.Token is not null || challenge.Type == ChallengeTypes.DnsPersist01)
            && run.Check.IsOfServer(challenge.Url);

    private static AcmeFailure NoChallenge(OrderRun run, Authorization authorization)
    {
        var offered = string.Join(", ", authorization.Challenges.Select(challenge => challenge.Type).Distinct());
        var possible = string.Join(", ", run.Job.ChallengeTypes(authorization.Identifier));
        return new AcmeFailure(FailureClass.Permanent, Fault.Issuer, AcmeStage.Authorization, PrintableText.Clean(
            $"{authorization.Identifier} cannot be validated: the CA offers {(offered.Length == 0 ? "nothing" : offered)}, and the issuer has {(possible.Length == 0 ? "no solver for this name" : $"solvers for {possible}")}. Add a solver to the issuer."))
        {
            Url = authorization.Url,
        };
    }

    /// <summary>Tells the CA of those challenges that fit, several at a time; what is done is kept even if one fails. Returns its replies, in order.</summary>
    private static async Task<IReadOnlyList<Challenge?>> AnswerAsync(OrderRun run, Func<PendingChallenge, bool> fits, CancellationToken cancel)
    {
        var challenges = run.Known.Challenges.ToArray();
        var replies = new Challenge?[challenges.Length];
        var indices = Enumerable.Range(0, challenges.Length).Where(index => fits(challenges[index])).ToArray();
        if (indices.Length == 0) return [];
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancel };
            await Parallel.ForEachAsync(indices, parallel, async (index, token) =>
            {
                var at = run.Now;
                replies[index] = await AnswerAsync(run, challenges[index], token).ConfigureAwait(false);
                challenges[index] = challenges[index] with { FirstAnsweredAt = challenges[index].FirstAnsweredAt ?? at, AnsweredAt = at };
            }).ConfigureAwait(false);
        }
        finally
        {
            run.State = run.Known with { Challenges = challenges };
        }
        return [.. indices.Select(index => replies[index])];
    }

    private static async Task<Challenge?> AnswerAsync(OrderRun run, PendingChallenge challenge, CancellationToken cancel)
    {
        using var activity = AcmeActivities.Step("answer challenge");
        activity?.SetTag("acme.identifier", challenge.Identifier.Value).SetTag("acme.challenge", challenge.Type);
        try
        {
            return await run.Client.Orders.AnswerAsync(run.Account, challenge.Url, cancel).ConfigureAwait(false);
        }
        catch (AcmeException failure) when (failure.Failure.Class != FailureClass.Transient && failure.Failure.Status is not null)
        {
            // It was answered before and the reply was lost, or it is over: the authorization, which is read next, tells.
            return null;
        }
    }

    private static void Change(OrderRun run, Func<PendingChallenge, PendingChallenge> change)
        => run.State = run.Known with { Challenges = [.. run.Known.Challenges.Select(change)] };
}
