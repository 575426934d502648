using CertOperator.Api;
using CertOperator.Audit;
using CertOperator.Challenges;
using CertOperator.Controllers.Audits;
using CertOperator.Controllers.Certificates;
using CertOperator.Controllers.Issuers;
using CertOperator.Controllers.Served;
using CertOperator.Controllers.Solvers;
using CertOperator.Controllers.Sources;
using CertOperator.Issuers;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;
using CertOperator.Runtime.Queues;

namespace CertOperator.Controllers;

/// <summary>Which change wakes which key of which controller.</summary>
internal sealed class Wiring(Caches caches, int workers, TimeProvider time, ILogger logger)
{
    public Controller SourceObjects<T>(SourceStore<T> sources, Informer<T, T> informer, SourceReporter reporter)
        where T : class, IKubeObject<T>
    {
        Controller controller = New(T.Type.Kind.ToLowerInvariant(), new SourceObjectReconciler<T>(sources, reporter));
        controller.Watch(informer);
        return controller;
    }

    public Controller Sources(SourceReconciler reconciler, SourceCatalog catalog)
    {
        Controller controller = New("source", reconciler);
        Watch(catalog.Ingresses, caches.Ingresses);
        Watch(catalog.Services, caches.Services);
        Watch(catalog.Gateways, caches.Gateways);
        controller.Watch(caches.Certificates);
        return controller;

        void Watch<T>(SourceStore<T> sources, Informer<T, T> informer)
            where T : class, IKubeObject<T>
            => controller.Watch(informer, change => sources.Keys(change.Before).Concat(sources.Keys(change.After)).Distinct());
    }

    public Controller Audits(AuditParts audits)
    {
        Controller controller = New("audit", audits.Reconciler);
        controller.Watch(caches.Ingresses, change => HasTls(change.Before) || HasTls(change.After) ? [change.Key] : []);
        controller.Watch(caches.IngressClasses, _ => caches.Ingresses.Store.Keys);
        controller.Watch(caches.Secrets, change => audits.Look.NamersOf(change.Key));
        // The rest of its status is no matter of the audit, and changes many times for one certificate.
        controller.Watch(caches.Certificates, change => Audited(change.Before) == Audited(change.After) ? [] : Namers(change.Before).Concat(Namers(change.After)).Distinct());
        return controller;

        static bool HasTls(Ingress? ingress) => ingress?.Spec?.Tls is { Count: > 0 };

        static (long?, string?) Audited(Certificate? certificate) => (certificate?.Metadata.Generation, NamedSecret.Mismatch(certificate));

        IEnumerable<ObjectKey> Namers(Certificate? certificate)
            => certificate?.Spec is { } spec ? audits.Look.NamersOf(new ObjectKey(certificate.Metadata.Namespace ?? "", spec.SecretName)) : [];
    }

    public Controller Issuers<T>(IssuerReconciler<T> reconciler, Informer<T, T> informer, IssuerCatalog catalog)
        where T : class, IKubeObject<T>, IIssuerObject
    {
        informer.Store.AddIndex(IssuerReconciler<T>.BySecret, (_, issuer) => issuer.Spec?.Ca is { } ca ? [catalog.CaSecret(issuer, ca).ToString()] : []);
        Controller controller = New(T.Type.Plural, reconciler);
        controller.Watch(informer);
        controller.Watch(caches.Secrets, change => informer.Store.LookupKeys(IssuerReconciler<T>.BySecret, change.Key.ToString()));
        return controller;
    }

    public Controller Certificates(CertificateReconciler reconciler)
    {
        ObjectStore<Certificate> store = caches.Certificates.Store;
        CertificateReconciler.IndexBySecret(store);
        store.AddIndex(CertificateReconciler.ByIssuer, (key, certificate) => IssuersOf(certificate).Select(issuer => issuer.Key(key.Namespace).ToString()).Distinct());
        Controller controller = New("certificate", reconciler);
        controller.Watch(caches.Certificates, change =>
            [change.Key, .. Rivals(store, change.Key.Namespace, change.Before), .. Rivals(store, change.Key.Namespace, change.After)]);
        controller.Watch(caches.Secrets, change => store.LookupKeys(CertificateReconciler.BySecret, change.Key.ToString()));
        controller.Watch(caches.Issuers, change => store.LookupKeys(CertificateReconciler.ByIssuer, change.Key.ToString()));
        controller.Watch(caches.ClusterIssuers, change => store.LookupKeys(CertificateReconciler.ByIssuer, change.Key.ToString()));
        return controller;
    }

    public IEnumerable<Controller> Solvers(SolverParts solvers)
    {
        Controller records = New("dns-record", solvers.LeftRecords);
        solvers.Dns01.Left += certificate => records.Queue.AddAfter(certificate, LeftRecordReconciler.First);
        return solvers.Reconciler is { } reconciler ? [records, Solvers(reconciler)] : [records];
    }

    /// <summary>Where it is asked for. Of a Certificate nothing counts but what is stored and where.</summary>
    public IEnumerable<Controller> Served(ServedParts served, Controller certificates)
    {
        if (served is not { Reconciler: { } reconciler, Desk.Options: { } options })
            return [];
        ObjectStore<Certificate> store = caches.Certificates.Store;
        Controller controller = New("served", reconciler, options.MostAtOnce);
        controller.Watch(caches.Certificates, change => Stored(change.Before) == Stored(change.After) ? [] : [change.Key]);
        controller.Watch(caches.Ingresses, change => IngressAudit.SecretNames(change.Before).Concat(IngressAudit.SecretNames(change.After)).Distinct()
            .SelectMany(name => store.LookupKeys(CertificateReconciler.BySecret, new ObjectKey(change.Key.Namespace, name).ToString())));
        reconciler.Changed += key => certificates.Queue.Add(key, Priority.Low);
        return [controller];

        static (string?, string?, string?) Stored(Certificate? certificate) => (certificate?.Metadata.Uid, certificate?.Spec?.SecretName, certificate?.Status?.Fingerprint);
    }

    private Controller Solvers(SolverReconciler reconciler)
    {
        Controller controller = New("solver", reconciler);
        controller.Watch(caches.Certificates, change => OpenChallenges.Has(change.Before) || OpenChallenges.Has(change.After) ? [SolverReconciler.Key] : []);
        controller.Watch(caches.Issuers, change => IsOther(change.Before, change.After) ? [SolverReconciler.Key] : []);
        controller.Watch(caches.ClusterIssuers, change => IsOther(change.Before, change.After) ? [SolverReconciler.Key] : []);
        controller.Watch(caches.IngressClasses, _ => [SolverReconciler.Key]);
        controller.Watch(caches.Ingresses, change => SolverReconciler.IsSolver(change.Before) || SolverReconciler.IsSolver(change.After) ? [SolverReconciler.Key] : []);
        controller.Watch(caches.Services, change => SolverReconciler.IsSolver(change.Before) || SolverReconciler.IsSolver(change.After) ? [SolverReconciler.Key] : []);
        controller.Queue.Add(SolverReconciler.Key);
        return controller;

        static bool IsOther(IIssuerObject? before, IIssuerObject? after) => before?.Metadata.Generation != after?.Metadata.Generation;
    }

    private static IEnumerable<IssuerRef> IssuersOf(Certificate certificate)
        => certificate.Spec is { } spec ? [spec.IssuerRef, .. spec.FallbackIssuerRefs ?? []] : [];

    /// <summary>When one of several Certificates with the same Secret changes or goes, the others' standing changes too.</summary>
    private static IEnumerable<ObjectKey> Rivals(ObjectStore<Certificate> store, string ns, Certificate? certificate)
        => certificate?.Spec is { } spec ? store.LookupKeys(CertificateReconciler.BySecret, new ObjectKey(ns, spec.SecretName).ToString()) : [];

    private Controller New(string name, IReconciler reconciler, int? most = null)
        => new(name, reconciler, new ControllerOptions { Workers = most ?? workers }, time, logger);
}
