using CertOperator.Challenges;
using CertOperator.Challenges.Dns;
using CertOperator.Challenges.Dns.Http;
using CertOperator.Challenges.Http;
using CertOperator.Challenges.SelfChecks;
using CertOperator.Challenges.TlsAlpn;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers.Solvers;

/// <summary>All that answers challenges, put together. Before the caches start.</summary>
internal sealed class SolverParts : IDisposable
{
    private readonly DnsServices _dns;

    public SolverParts(IKubeClient client, Caches caches, OperatorOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        ILogger logger = loggers.CreateLogger("CertOperator.Solvers");
        var http01 = new Http01Options { Namespace = options.Namespace, ServiceName = options.ServiceName, ServicePort = options.ServicePort, ClusterDomain = options.ClusterDomain };
        var planner = new RoutePlanner(http01, new IngressClassChoice(caches.Ingresses.Store, caches.IngressClasses.Store));
        _dns = new DnsServices(new EndpointGuard(allowLoopback: options.AllowPrivateAcmeServers), time) { Post = options.Post, PostTo = options.PostTo };
        Open = new OpenChallenges(caches.Certificates.Store, caches.Issuers.Store, caches.ClusterIssuers.Store);
        Reconciler = options.Solvers.ContainsKey(SolverSelection.Http01) ? null : new SolverReconciler(client, caches, Open, planner, Routes, options.Namespace, time, logger);

        Dns01 = new Dns01ChallengeSolver(_dns, client, options.Namespace, logger);
        LeftRecords = new LeftRecordReconciler(Dns01, time, logger);
        var solvers = new Dictionary<string, IChallengeSolver>
        {
            [SolverSelection.Http01] = new Http01Solver(Routes, caches.Ingresses.Store, new SelfCheck(options.SelfCheck, time), http01, time),
            [SolverSelection.Dns01] = Dns01,
            [SolverSelection.DnsAccount01] = Dns01,
            [SolverSelection.DnsPersist01] = new DnsPersistSolver(_dns, client, options.Namespace),
        };
        if (options.AnswersTlsAlpn)
            solvers[SolverSelection.TlsAlpn01] = new TlsAlpn01Solver(Open, time);
        foreach (var (type, solver) in options.Solvers)
            solvers[type] = solver;
        Catalog = new SolverCatalog(solvers);
    }

    /// <summary>What ACME servers may ask about.</summary>
    public OpenChallenges Open { get; }

    public SolverCatalog Catalog { get; }

    public Dns01ChallengeSolver Dns01 { get; }

    public LeftRecordReconciler LeftRecords { get; }

    public RouteTable Routes { get; } = new();

    /// <summary>Has HTTP-01 requests sent to the operator; null where something else answers them.</summary>
    public SolverReconciler? Reconciler { get; }

    public void Dispose() => _dns.Dispose();
}
