using CertOperator.Api;
using CertOperator.Controllers.Certificates;
using CertOperator.Controllers.Issuers;
using CertOperator.Controllers.Sources;
using CertOperator.Issuers;
using CertOperator.Issuers.Ca;
using CertOperator.Rotation;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;
using CertOperator.Runtime.Leadership;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers;

/// <summary>
/// The operator as one object: its caches, its controllers, and which change wakes which key. The way of an Ingress through
/// it: <see cref="SourceReconciler"/> makes the Certificate, <see cref="CertificateReconciler"/> the Secret.
/// </summary>
internal sealed class Operator : IAsyncDisposable
{
    private readonly KeyPairs _keyPairs = new();
    private readonly RotationSchedule _schedule;
    private readonly SourceReporter _sources;
    private readonly List<Controller> _controllers;

    private Operator(IKubeClient client, OperatorOptions options, RotationSchedule schedule, TimeProvider time, ILoggerFactory loggers)
    {
        _schedule = schedule;
        ILogger logger = loggers.CreateLogger("CertOperator.Controllers");
        Caches = new Caches(client, time, loggers);
        Events = new EventRecorder(client, ApiGroup.FieldManager, time, loggers.CreateLogger("CertOperator.Events"));

        var signingKeys = new SigningKeys(client, time);
        var catalog = new IssuerCatalog(Caches.Issuers.Store, Caches.ClusterIssuers.Store, Caches.Secrets.Store, signingKeys, options.Namespace, time);
        var sources = new SourceCatalog(Caches.Ingresses.Store, Caches.Services.Store, new SourceOptions(options.DefaultIssuer, options.ClusterDomain));
        _sources = new SourceReporter(Events);
        var runner = new IssuanceRunner(client, catalog, _keyPairs, new SecretWriter(client, Caches.Secrets), time);

        _controllers =
        [
            Ingresses(new IngressReconciler(Caches.Ingresses.Store, Caches.IngressClasses.Store, sources, _sources)),
            Services(new ServiceReconciler(Caches.Services.Store, sources, _sources)),
            Sources(new SourceReconciler(client, Caches.Certificates, sources, _sources), sources),
            Issuers(new IssuerReconciler<Issuer>(
                client, Caches.Issuers, Caches.Secrets.Store, catalog, signingKeys, Events,
                (metadata, status) => new Issuer { Metadata = metadata, Status = status }, time), Caches.Issuers, catalog),
            Issuers(new IssuerReconciler<ClusterIssuer>(
                client, Caches.ClusterIssuers, Caches.Secrets.Store, catalog, signingKeys, Events,
                (metadata, status) => new ClusterIssuer { Metadata = metadata, Status = status }, time), Caches.ClusterIssuers, catalog),
            Certificates(new CertificateReconciler(
                client, Caches.Certificates, Caches.Secrets.Store, catalog, runner,
                new CertificateReporter(client, Caches.Certificates, Events), schedule, time)),
        ];
        schedule.Due += key => _controllers[^1].Queue.Add(key);

        LeaseElector? elector = options.LeaseIdentity is { } identity
            ? new LeaseElector(client, new LeaseOptions(new ObjectKey(options.Namespace, ApiGroup.FieldManager), identity), time, loggers.CreateLogger("CertOperator.Leadership"))
            : null;
        Manager = new Manager(Caches.All, _controllers, elector, Events, time);

        Controller New(string name, IReconciler reconciler)
            => new(name, reconciler, new ControllerOptions { Workers = options.Workers }, time, logger);

        Controller Ingresses(IngressReconciler reconciler)
        {
            Controller controller = New("ingress", reconciler);
            controller.Watch(Caches.Ingresses);
            controller.Watch(Caches.IngressClasses, _ => Caches.Ingresses.Store.Keys);
            return controller;
        }

        Controller Services(ServiceReconciler reconciler)
        {
            Controller controller = New("service", reconciler);
            controller.Watch(Caches.Services);
            return controller;
        }

        Controller Sources(SourceReconciler reconciler, SourceCatalog catalog)
        {
            Controller controller = New("source", reconciler);
            controller.Watch(Caches.Ingresses, change => catalog.Keys(change.Before).Concat(catalog.Keys(change.After)).Distinct());
            controller.Watch(Caches.Services, change => catalog.Keys(change.Before).Concat(catalog.Keys(change.After)).Distinct());
            controller.Watch(Caches.Certificates);
            return controller;
        }

        Controller Issuers<T>(IssuerReconciler<T> reconciler, Informer<T, T> informer, IssuerCatalog catalog)
            where T : class, IKubeObject<T>, IIssuerObject
        {
            informer.Store.AddIndex(IssuerReconciler<T>.BySecret, (_, issuer) => issuer.Spec?.Ca is { } ca ? [catalog.CaSecret(issuer, ca).ToString()] : []);
            Controller controller = New(T.Type.Plural, reconciler);
            controller.Watch(informer);
            controller.Watch(Caches.Secrets, change => informer.Store.LookupKeys(IssuerReconciler<T>.BySecret, change.Key.ToString()));
            return controller;
        }

        Controller Certificates(CertificateReconciler reconciler)
        {
            ObjectStore<Certificate> store = Caches.Certificates.Store;
            store.AddIndex(CertificateReconciler.BySecret, (key, certificate) => certificate.Spec is { } spec ? [new ObjectKey(key.Namespace, spec.SecretName).ToString()] : []);
            store.AddIndex(CertificateReconciler.ByIssuer, (key, certificate) => certificate.Spec is { } spec ? [spec.IssuerRef.Key(key.Namespace).ToString()] : []);
            Controller controller = New("certificate", reconciler);
            controller.Watch(Caches.Certificates, change =>
                [change.Key, .. Rivals(store, change.Key.Namespace, change.Before), .. Rivals(store, change.Key.Namespace, change.After)]);
            controller.Watch(Caches.Secrets, change => store.LookupKeys(CertificateReconciler.BySecret, change.Key.ToString()));
            controller.Watch(Caches.Issuers, change => store.LookupKeys(CertificateReconciler.ByIssuer, change.Key.ToString()));
            controller.Watch(Caches.ClusterIssuers, change => store.LookupKeys(CertificateReconciler.ByIssuer, change.Key.ToString()));
            return controller;
        }
    }

    public Caches Caches { get; }

    public EventRecorder Events { get; }

    /// <summary>What is wrong with Ingresses and Services now.</summary>
    public IEnumerable<SourceFinding> SourceFindings => _sources.Findings;

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
    }

    /// <summary>When one of several Certificates with the same Secret changes or goes, the others' standing changes too.</summary>
    private static IEnumerable<ObjectKey> Rivals(ObjectStore<Certificate> store, string ns, Certificate? certificate)
        => certificate?.Spec is { } spec ? store.LookupKeys(CertificateReconciler.BySecret, new ObjectKey(ns, spec.SecretName).ToString()) : [];
}
