using CertOperator.Acme.Errors;
using CertOperator.Acme.Orders;

namespace CertOperator.Acme.Issuance;

/// <summary>The first step: ordering.</summary>
internal static class OrderCreation
{
    public static async Task<OrderStep> CreateAsync(OrderRun run, CancellationToken cancel)
    {
        if (ProblemOf(run.Job.Identifiers) is { } problem) return run.Fail(FailureClass.Permanent, Fault.Request, AcmeStage.NewOrder, problem);
        var notes = new List<string>();
        if (Request(run, notes) is not { } request)
            return run.Fail(FailureClass.Permanent, Fault.Request, AcmeStage.NewOrder, $"{Failures.Host(run.Directory.Url)} offers no profile \"{run.Job.Profile}\". {Offered(run)}");
        var (order, sent) = await OrderAsync(run, request, notes, cancel).ConfigureAwait(false);
        if (!run.Check.IsOfServer(order.Url))
            return run.Fail(FailureClass.Permanent, Fault.Ca, AcmeStage.NewOrder, $"{Failures.Host(run.Directory.Url)} keeps its orders on another server than itself, which is not supported.");
        if (sent.Profile is not null && run.Job.IsProfileRequired && order.Profile != sent.Profile)
            return run.Fail(FailureClass.Permanent, Fault.Ca, AcmeStage.NewOrder, $"{Failures.Host(run.Directory.Url)} made an order with the profile \"{order.Profile}\" where \"{sent.Profile}\" was asked for.");
        if (sent.Replaces is not null && order.Replaces != sent.Replaces)
            notes.Add("The CA did not say that this order replaces the former certificate: what it grants renewals may not hold for it.");
        run.State = new OrderState { Directory = run.Directory.Url, Account = run.Account.Url, Order = order.Url, StartedAt = run.Now, Made = order };
        return new OrderStep.Continue(run.Known, notes);
    }

    private static string? ProblemOf(IReadOnlyList<Identifier> names)
        => names.Count == 0 ? "The request has no names." : names.Select(name => IdentifierRules.Problem(name.Canonical())).OfType<string>().FirstOrDefault();

    /// <summary>What to order; null if a profile is demanded that the CA does not have.</summary>
    private static OrderRequest? Request(OrderRun run, List<string> notes)
    {
        var job = run.Job;
        var request = new OrderRequest(job.Identifiers)
        {
            Profile = job.Profile,
            Replaces = run.Directory.RenewalInfo is null ? null : job.Replaces,
            NotBefore = job.NotBefore,
            NotAfter = job.NotAfter,
        };
        if (job.Profile is null || run.Directory.Profiles?.ContainsKey(job.Profile) == true) return request;
        if (job.IsProfileRequired) return null;
        notes.Add($"The CA offers no profile \"{job.Profile}\": its own choice was taken.");
        return request with { Profile = null };
    }

    private static async Task<(Order Order, OrderRequest Sent)> OrderAsync(OrderRun run, OrderRequest request, List<string> notes, CancellationToken cancel)
    {
        using var activity = AcmeActivities.Step("create order");
        activity?.SetTag("acme.identifiers", run.Job.Identifiers.Select(name => name.Value).ToArray()).SetTag("acme.profile", run.Job.Profile).SetTag("acme.replaces", request.Replaces is not null);
        while (true)
        {
            try
            {
                return (await run.Client.Orders.CreateAsync(run.Account, request, cancel).ConfigureAwait(false), request);
            }
            catch (AcmeException failure) when (Relax(run, request, failure.Failure, notes) is { } relaxed)
            {
                request = relaxed;
            }
        }
    }

    /// <summary>The same order with less demands, if those may be why the CA refused it.</summary>
    private static OrderRequest? Relax(OrderRun run, OrderRequest request, AcmeFailure failure, List<string> notes)
    {
        if (failure.Status is null || !IsRefusal(failure)) return null;
        if (request.Replaces is not null)
        {
            // CAs say so in too many ways to tell them apart; renewing matters more than the advantage that it brings.
            notes.Add($"The CA refused to take this order as a replacement ({failure.Problem?.Type}): it was made as a new one.");
            return request with { Replaces = null };
        }
        var isAboutProfile = failure.Problem is { } problem
            && (problem.Type == ProblemTypes.InvalidProfile || problem.Detail.Contains("profile", StringComparison.OrdinalIgnoreCase));
        if (request.Profile is null || run.Job.IsProfileRequired || !isAboutProfile) return null;
        notes.Add($"The CA refused the profile \"{request.Profile}\": its own choice was taken.");
        return request with { Profile = null };
    }

    private static bool IsRefusal(AcmeFailure failure)
        => failure.Class is FailureClass.NewOrder or FailureClass.Permanent || failure.Problem?.Type == ProblemTypes.ServerInternal;

    private static string Offered(OrderRun run) => run.Directory.Profiles is { Count: > 0 } profiles
        ? $"It offers: {string.Join(", ", profiles.Keys.Order(StringComparer.Ordinal))}."
        : "It has no profiles: leave the profile out.";
}
