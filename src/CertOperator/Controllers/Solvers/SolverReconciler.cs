using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Challenges.Http;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;

namespace CertOperator.Controllers.Solvers;

/// <summary>
/// Keeps the objects that send HTTP-01 requests to the operator in line with the challenges that are open. It looks at all of
/// them at once: a thousand challenges that come together are one write, and what a crash has left goes with the first look.
/// </summary>
internal sealed class SolverReconciler(
    IKubeClient client, Caches caches, OpenChallenges challenges, RoutePlanner planner, RouteTable routes, string operatorNamespace, TimeProvider time, ILogger logger) : IReconciler
{
    /// <summary>The only key.</summary>
    public static readonly ObjectKey Key = ObjectKey.Cluster(SolverSelection.Http01);

    /// <summary>Between two looks, since each write may have the ingress controller load its configuration anew.</summary>
    private static readonly TimeSpan Breath = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(15);

    private readonly SolverObjects<SolverIngress> _ingresses = new(client, () => Places(caches.Ingresses.Store.All), logger);
    private readonly SolverObjects<SolverService> _services = new(client, () => Places(caches.Services.Store.All), logger);
    private readonly SolverObjects<HttpRoute> _httpRoutes = new(client, () => [operatorNamespace], logger);
    private DateTimeOffset _last;

    public async Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        TimeSpan rest = _last + Breath - time.GetUtcNow();
        if (rest > TimeSpan.Zero)
            return Outcome.After(rest);

        RoutePlan plan = planner.Plan(challenges.OfType(SolverSelection.Http01));
        var problems = new Dictionary<(ResourceType, ObjectKey), string>();
        await SyncAsync(_services, plan.Services);
        await SyncAsync(_ingresses, plan.Ingresses);
        await SyncAsync(_httpRoutes, plan.HttpRoutes);
        _last = time.GetUtcNow();
        routes.Set(plan.Routes, problems, _last);
        return problems.Count == 0 ? Outcome.Done : Outcome.After(Retry);

        async Task SyncAsync<T>(SolverObjects<T> objects, IReadOnlyDictionary<ObjectKey, T> wanted)
            where T : class, IKubeObject<T>
        {
            foreach (var (at, problem) in await objects.SyncAsync(wanted, cancel))
                problems[(T.Type, at)] = problem;
        }
    }

    /// <summary>Whether an object bears the operator's label of solver objects.</summary>
    public static bool IsSolver(IKubeObject? item) => item?.Metadata.Labels?.ContainsKey(Labels.Solver) == true;

    private static IEnumerable<string> Places(IEnumerable<IKubeObject> cached) => cached.Where(IsSolver).Select(item => item.Metadata.Namespace ?? "");
}
