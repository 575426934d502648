using CertOperator.Api;
using CertOperator.Audit;
using CertOperator.Challenges;
using CertOperator.Controllers.Audits;
using CertOperator.Controllers.Certificates;
using CertOperator.Controllers.Issuers;
using CertOperator.Controllers.Rollouts;
using CertOperator.Controllers.Served;
using CertOperator.Controllers.Solvers;
using CertOperator.Controllers.Sources;
using CertOperator.Rotation;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;
using CertOperator.Runtime.Leadership;
using CertOperator.Runtime.Objects;
using CertOperator.Telemetry;

namespace CertOperator.Controllers;

/// <summary>
/// The operator as one object: its parts, each made of those above it. The way of an Ingress through it:
/// <see cref="SourceReconciler"/> makes the Certificate, <see cref="CertificateReconciler"/> the Secret.
/// </summary>
internal sealed class Operator : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly RotationSchedule _schedule;
    private readonly SolverParts _solvers;
    private readonly IssuanceParts _issuance;
    private readonly SourceReporter _sources;
    private readonly AuditParts _audits;
    private readonly List<Controller> _controllers;

    private Operator(IKubeClient client, OperatorOptions options, RotationSchedule schedule, TimeProvider time, ILoggerFactory loggers)
    {
        _time = time;
        _schedule = schedule;
        Caches = new Caches(client, options.Informers with { Namespaces = options.Namespaces is { Count: > 0 } some ? [.. some, options.Namespace] : [] }, time, loggers);
        Events = new EventRecorder(client, ApiGroup.FieldManager, time, loggers.CreateLogger("CertOperator.Events"));
        _solvers = new SolverParts(client, Caches, options, time, loggers);
        _issuance = new IssuanceParts(client, Caches, _solvers.Catalog, options, time, loggers);
        _sources = new SourceReporter(Events);

        var wiring = new Wiring(Caches, options.Workers, time, loggers.CreateLogger("CertOperator.Controllers"));
        var sources = new SourceCatalog(Caches, new SourceOptions(options.DefaultIssuer, options.ClusterDomain));
        _audits = new AuditParts(client, Caches, sources, Events, time);
        var served = new ServedParts(Caches, _audits.Look.NamersOf, options.Served, time);
        var reporter = new CertificateReporter(client, Caches.Certificates, Events);
        Controller certificates = wiring.Certificates(new CertificateReconciler(
            Caches.Certificates, _issuance.Situations, _issuance.Plans, _issuance.History, new RolloutRunner(client, options.Rollouts, time), served.Desk, _issuance.Issuers, _issuance.Advisor,
            new DeletionHold(client, Caches.Certificates), reporter, schedule, time));
        Controller namespaced = wiring.Issuers(
            IssuersOf(Caches.Issuers, (metadata, status) => new Issuer { Metadata = metadata, Status = status }), Caches.Issuers, _issuance.Issuers);
        Controller clusterWide = wiring.Issuers(
            IssuersOf(Caches.ClusterIssuers, (metadata, status) => new ClusterIssuer { Metadata = metadata, Status = status }), Caches.ClusterIssuers, _issuance.Issuers);
        _controllers =
        [
            wiring.SourceObjects(sources.Ingresses, Caches.Ingresses, _sources),
            wiring.SourceObjects(sources.Services, Caches.Services, _sources),
            wiring.SourceObjects(sources.Gateways, Caches.Gateways, _sources),
            wiring.Sources(new SourceReconciler(client, Caches.Certificates, sources, _sources), sources),
            wiring.Audits(_audits),
            namespaced,
            clusterWide,
            certificates,
            .. wiring.Solvers(_solvers),
            .. wiring.Served(served, certificates),
        ];
        schedule.Due += (key, at) => certificates.Queue.AddAfter(key, CatchUp(key, time.GetUtcNow() - at, time));
        _issuance.Accounts.Changed += issuer => (issuer is Issuer ? namespaced : clusterWide).Queue.Add(new ObjectKey(issuer.Metadata.Namespace ?? "", issuer.Metadata.Name ?? ""));
        _solvers.Routes.Changed += certificate =>
        {
            _issuance.Orders.Wake(certificate);
            certificates.Queue.Add(certificate);
        };
        Manager = new Manager(Caches.All, _controllers, Elector(client, options, time, loggers), Events, time);

        IssuerReconciler<T> IssuersOf<T>(Informer<T, T> informer, WithStatus<T> withStatus)
            where T : class, IKubeObject<T>, IIssuerObject
            => new(client, informer, Caches.Secrets.Store, _issuance.Issuers, _issuance.SigningKeys, _issuance.AccountCheck, Events, withStatus, time);
    }

    public Caches Caches { get; }

    /// <summary>What ACME servers may ask about.</summary>
    public OpenChallenges Challenges => _solvers.Open;

    public EventRecorder Events { get; }

    /// <summary>What is wrong with Ingresses, Services and Gateways now.</summary>
    public IEnumerable<SourceFinding> SourceFindings => _sources.Findings;

    /// <summary>How many orders an ACME issuer may make now; null if there is no ceiling, or none was made yet.</summary>
    public int? OrdersLeft(IIssuerObject issuer) => _issuance.Budgets.OrdersLeft(issuer, _time.GetUtcNow());

    /// <summary>What came of attempts to issue, by issuer.</summary>
    public IssuanceCounts Attempts => _issuance.Counts;

    /// <summary>What is wrong with the TLS of Ingresses now; only the replica that works knows.</summary>
    public IEnumerable<(ObjectKey Ingress, IReadOnlyList<AuditFinding> Findings)> AuditFindings => Manager.IsLeader ? _audits.Reconciler.Findings : [];

    /// <summary>Informers, leadership, workers and health.</summary>
    public Manager Manager { get; }

    /// <summary>Nothing is waiting for a worker or being worked on now.</summary>
    public bool IsIdle => _controllers.TrueForAll(controller => controller.Queue.IsIdle);

    public static async Task<Operator> CreateAsync(
        IKubeClient client, OperatorOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancel)
        => new(client, options, await RotationSchedule.StartAsync(time, loggers, cancel), time, loggers);

    public async ValueTask DisposeAsync()
    {
        Manager.Dispose();
        await _schedule.DisposeAsync();
        _controllers.ForEach(controller => controller.Dispose());
        _issuance.Dispose();
        _solvers.Dispose();
    }

    /// <summary>How long a Certificate whose time came while nobody was awake may still wait.</summary>
    private TimeSpan CatchUp(ObjectKey key, TimeSpan late, TimeProvider time)
        => Caches.Certificates.Store.Find(key) is { Status.NotAfter: { } notAfter, Metadata.Uid: { } uid }
            ? RenewalPolicy.CatchUp(late, notAfter - time.GetUtcNow(), uid)
            : TimeSpan.Zero;

    private static LeaseElector? Elector(IKubeClient client, OperatorOptions options, TimeProvider time, ILoggerFactory loggers)
        => options.LeaseIdentity is { } identity
            ? new LeaseElector(client, new LeaseOptions(new ObjectKey(options.Namespace, ApiGroup.FieldManager), identity), time, loggers.CreateLogger("CertOperator.Leadership"))
            : null;
}
