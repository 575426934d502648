using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Controllers.Certificates;
using CertOperator.Controllers.Issuers;
using CertOperator.Controllers.Solvers;
using CertOperator.Controllers.Sources;
using CertOperator.Issuers;
using CertOperator.Issuers.Acme;
using CertOperator.Issuers.Acme.Budgets;
using CertOperator.Issuers.Ca;
using CertOperator.Rotation;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;
using CertOperator.Runtime.Leadership;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers;

/// <summary>
/// The operator as one object: its parts, each made of those above it. The way of an Ingress through it:
/// <see cref="SourceReconciler"/> makes the Certificate, <see cref="CertificateReconciler"/> the Secret.
/// </summary>
internal sealed class Operator : IAsyncDisposable
{
    private readonly KeyPairs _keyPairs = new();
    private readonly RotationSchedule _schedule;
    private readonly List<Controller> _controllers;
    private readonly AcmeServers _servers;
    private readonly SolverParts _solvers;

    private Operator(IKubeClient client, OperatorOptions options, RotationSchedule schedule, TimeProvider time, ILoggerFactory loggers)
    {
        _schedule = schedule;
        Caches = new Caches(client, time, loggers);
        Events = new EventRecorder(client, ApiGroup.FieldManager, time, loggers.CreateLogger("CertOperator.Events"));

        _solvers = new SolverParts(client, Caches, options, time, loggers);
        var signingKeys = new SigningKeys(client, time);
        _servers = new AcmeServers(options.AllowPrivateAcmeServers, time);
        var accounts = new AcmeAccounts(client, _servers, options.Namespace, time);
        var acme = new AcmeServices(
            accounts, _solvers.Catalog, new AcmeBudgets(Caches.Certificates.Store), new IssuerHealth(time), new OrdersUnderWay(), time, loggers.CreateLogger("CertOperator.Acme"));
        var issuers = new IssuerCatalog(Caches.Issuers.Store, Caches.ClusterIssuers.Store, Caches.Secrets.Store, signingKeys, acme, options.Namespace, time);
        var writer = new SecretWriter(client, Caches.Secrets);
        var runner = new IssuanceRunner(client, issuers, _keyPairs, new PendingKeys(client, _keyPairs), writer, time);
        var advisor = new RenewalAdvisor(_servers, time);
        var accountCheck = new AccountCheck(accounts, time);
        var reporter = new CertificateReporter(client, Caches.Certificates, Events);
        var sources = new SourceCatalog(Caches.Ingresses.Store, Caches.Services.Store, new SourceOptions(options.DefaultIssuer, options.ClusterDomain));
        var sourceReporter = new SourceReporter(Events);
        var wiring = new Wiring(Caches, options.Workers, time, loggers.CreateLogger("CertOperator.Controllers"));

        Controller certificates = wiring.Certificates(new CertificateReconciler(client, Caches.Certificates, Caches.Secrets.Store, issuers, runner, advisor, writer, reporter, schedule, time));
        Controller namespaced = wiring.Issuers(IssuersOf(Caches.Issuers, (metadata, status) => new Issuer { Metadata = metadata, Status = status }), Caches.Issuers, issuers);
        Controller clusterWide = wiring.Issuers(IssuersOf(Caches.ClusterIssuers, (metadata, status) => new ClusterIssuer { Metadata = metadata, Status = status }), Caches.ClusterIssuers, issuers);
        _controllers =
        [
            wiring.Ingresses(new IngressReconciler(Caches.Ingresses.Store, Caches.IngressClasses.Store, sources, sourceReporter)),
            wiring.Services(new ServiceReconciler(Caches.Services.Store, sources, sourceReporter)),
            wiring.Sources(new SourceReconciler(client, Caches.Certificates, sources, sourceReporter), sources),
            namespaced,
            clusterWide,
            certificates,
            .. _solvers.Reconciler is { } reconciler ? [wiring.Solvers(reconciler)] : Array.Empty<Controller>(),
        ];
        schedule.Due += key => certificates.Queue.Add(key);
        accounts.Changed += issuer => (issuer is Issuer ? namespaced : clusterWide).Queue.Add(new ObjectKey(issuer.Metadata.Namespace ?? "", issuer.Metadata.Name ?? ""));
        Manager = new Manager(Caches.All, _controllers, Elector(client, options, time, loggers), Events, time);

        IssuerReconciler<T> IssuersOf<T>(Informer<T, T> informer, WithStatus<T> withStatus)
            where T : class, IKubeObject<T>, IIssuerObject
            => new(client, informer, Caches.Secrets.Store, issuers, signingKeys, accountCheck, Events, withStatus, time);
    }

    public Caches Caches { get; }

    /// <summary>What ACME servers may ask about.</summary>
    public OpenChallenges Challenges => _solvers.Open;

    public EventRecorder Events { get; }

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
        _keyPairs.Dispose();
        _servers.Dispose();
        _solvers.Dispose();
    }

    private static LeaseElector? Elector(IKubeClient client, OperatorOptions options, TimeProvider time, ILoggerFactory loggers)
        => options.LeaseIdentity is { } identity
            ? new LeaseElector(client, new LeaseOptions(new ObjectKey(options.Namespace, ApiGroup.FieldManager), identity), time, loggers.CreateLogger("CertOperator.Leadership"))
            : null;
}
