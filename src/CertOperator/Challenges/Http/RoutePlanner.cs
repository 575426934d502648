using CertOperator.Acme.Challenges;
using CertOperator.Api;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Challenges.Http;

/// <summary>
/// Which objects are wanted for the challenges that are open: a pure function, so that a restart, a lost watch event and a
/// challenge of a year ago all end in the same objects.
/// </summary>
internal sealed class RoutePlanner(Http01Options options, IngressClassChoice classes)
{
    public const string Shared = "Shared";
    public const string InNamespace = "InNamespace";
    public const string Gateway = "Gateway";
    public const string External = "External";

    private const string NamePrefix = "cert-operator-http01";

    /// <summary>Keeps an Ingress far below the size that etcd takes, and its changes cheap for the ingress controller.</summary>
    private const int MostHosts = 500;

    /// <summary>How a solver wants its requests sent.</summary>
    public static string RouteOf(AcmeSolverSpec solver) => solver.Http01 is { } http ? http.Route ?? (http.GatewayHTTPRoute is null ? Shared : Gateway) : External;

    public RoutePlan Plan(IReadOnlyList<OpenChallenge> open)
    {
        ILookup<string, OpenChallenge> byRoute = open.OrderBy(challenge => challenge.Name, StringComparer.Ordinal).ThenBy(challenge => challenge.Token, StringComparer.Ordinal)
            .ToLookup(challenge => RouteOf(challenge.Solver));
        var routes = new Dictionary<ChallengeId, Route>();
        var ingresses = new Dictionary<ObjectKey, SolverIngress>();
        var services = new Dictionary<ObjectKey, SolverService>();
        var httpRoutes = new Dictionary<ObjectKey, HttpRoute>();

        foreach (var group in byRoute[Shared].GroupBy(Look))
        {
            foreach (var part in Parts([.. group]))
                Add(ingresses, IngressOf(new ObjectKey(options.Namespace, NameOf(group.Key.Text, part.Key)), group.Key, part, options.ServiceName), part, group.Key.Class.Name);
        }

        foreach (var group in byRoute[InNamespace].GroupBy(challenge => (challenge.Key, Look: Look(challenge))))
        {
            var key = new ObjectKey(group.Key.Key.Namespace, NameOf(group.Key.Key.Name, group.Key.Look.Text));
            OwnerReference[] owners = [Owners.Reference(group.First().Certificate)];
            Add(ingresses, IngressOf(key, group.Key.Look, group, key.Name, owners), group, group.Key.Look.Class.Name);
            services.Add(key, ServiceOf(key, owners));
        }

        foreach (var group in byRoute[Gateway].GroupBy(challenge => (challenge.Name, Parents: GatewayParents.Of(challenge))))
            Add(httpRoutes, HttpRouteOf(new ObjectKey(options.Namespace, NameOf(group.Key.Name, group.Key.Parents.Text)), group.Key.Parents, group), group, null);

        foreach (OpenChallenge challenge in byRoute[External])
            routes[challenge.Id] = Route.External;
        return new RoutePlan(ingresses, services, httpRoutes, routes);

        void Add<T>(Dictionary<ObjectKey, T> objects, T made, IEnumerable<OpenChallenge> challenges, string? className)
            where T : class, IKubeObject<T>
        {
            var key = new ObjectKey(made.Metadata.Namespace!, made.Metadata.Name!);
            objects.Add(key, made);
            foreach (OpenChallenge challenge in challenges)
                routes[challenge.Id] = new Route(T.Type, key, className);
        }
    }

    /// <summary>One part as a rule; a host stays in its part while others come and go.</summary>
    private static IEnumerable<IGrouping<string, OpenChallenge>> Parts(IReadOnlyList<OpenChallenge> challenges)
    {
        int parts = 1;
        while (challenges.Select(challenge => challenge.Name).Distinct().Count() > parts * MostHosts)
            parts *= 2;
        return challenges.GroupBy(challenge => parts == 1 ? "" : (ShortHash.Number(challenge.Name) % parts).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private IngressLook Look(OpenChallenge challenge)
    {
        // Who may write an Issuer in a namespace may not thereby annotate Ingresses of the operator's.
        bool isOurs = RouteOf(challenge.Solver) == InNamespace || challenge.Issuer is ClusterIssuer;
        return new IngressLook(classes.For(challenge), isOurs ? challenge.Solver.Http01?.Ingress?.IngressTemplate?.Metadata : null);
    }

    private SolverIngress IngressOf(ObjectKey key, IngressLook look, IEnumerable<OpenChallenge> challenges, string service, IReadOnlyList<OwnerReference>? owners = null)
    {
        var backend = new SolverIngressBackend(new SolverIngressService(service, new SolverIngressPort(options.ServicePort)));
        return new SolverIngress
        {
            Metadata = Metadata(key, look.Template?.Labels, owners) with { Annotations = look.Annotations },
            Spec = new SolverIngressSpec
            {
                IngressClassName = look.Class.ClassName,
                Rules = [.. challenges.GroupBy(HostOf).Select(host => new SolverIngressRule
                {
                    Host = host.Key,
                    Http = new SolverIngressPaths([.. PathsOf(host).Select(path => new SolverIngressPath(path, "Exact", backend))]),
                }),],
            },
        };
    }

    /// <summary>
    /// An Ingress can only send requests to Services of its own namespace. ExternalName needs no address of a pod, unlike a Service
    /// without a selector: its endpoints would have to follow every replica, in an API that 1.20 and today's clusters do not share.
    /// </summary>
    private SolverService ServiceOf(ObjectKey key, IReadOnlyList<OwnerReference> owners) => new()
    {
        Metadata = Metadata(key, null, owners),
        Spec = new SolverServiceSpec("ExternalName", options.ServiceHost, [new SolverServicePort("http", options.ServicePort)]),
    };

    private HttpRoute HttpRouteOf(ObjectKey key, GatewayParents parents, IEnumerable<OpenChallenge> challenges) => new()
    {
        Metadata = Metadata(key, parents.Labels, null),
        Spec = new HttpRouteSpec
        {
            ParentRefs = parents.References,
            Hostnames = HostOf(challenges.First()) is { } host ? [host] : null,
            Rules =
            [
                new HttpRouteRule(
                    [.. PathsOf(challenges).Select(path => new HttpRouteMatch(new HttpRoutePath("Exact", path)))],
                    [new HttpRouteBackend(options.ServiceName, options.ServicePort)]),
            ],
        },
    };

    private static ObjectMeta Metadata(ObjectKey key, IReadOnlyDictionary<string, string>? labels, IReadOnlyList<OwnerReference>? owners) => new()
    {
        Name = key.Name,
        Namespace = key.Namespace,
        Labels = new Dictionary<string, string>(labels ?? new Dictionary<string, string>()) { [Labels.ManagedBy] = Labels.ManagedByValue, [Labels.Solver] = SolverSelection.Http01 },
        OwnerReferences = owners,
    };

    /// <summary>No rule can name an address: its rule is for all hosts, and the token keeps it apart.</summary>
    private static string? HostOf(OpenChallenge challenge) => System.Net.IPAddress.TryParse(challenge.Name, out _) ? null : challenge.Name;

    private static IEnumerable<string> PathsOf(IEnumerable<OpenChallenge> challenges)
        => challenges.Select(challenge => Http01.PathPrefix + challenge.Token).Distinct();

    private static string NameOf(params string[] parts) => $"{NamePrefix}-{ShortHash.Text(parts)}";
}
