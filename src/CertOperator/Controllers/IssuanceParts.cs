using CertOperator.Challenges;
using CertOperator.Controllers.Certificates;
using CertOperator.Controllers.Issuers;
using CertOperator.Issuers;
using CertOperator.Issuers.Acme;
using CertOperator.Issuers.Acme.Budgets;
using CertOperator.Issuers.Ca;
using CertOperator.Runtime.Client;
using CertOperator.Telemetry;

namespace CertOperator.Controllers;

/// <summary>All that issues certificates, put together. Before the caches start.</summary>
internal sealed class IssuanceParts : IDisposable
{
    private readonly KeyPairs _keyPairs = new();
    private readonly AcmeServers _servers;

    public IssuanceParts(IKubeClient client, Caches caches, SolverCatalog solvers, OperatorOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _servers = new AcmeServers(options.AllowPrivateAcmeServers, time);
        Accounts = new AcmeAccounts(client, _servers, options.Namespace, time);
        AccountCheck = new AccountCheck(Accounts, time);
        Advisor = new RenewalAdvisor(_servers, time);
        SigningKeys = new SigningKeys(client, time);
        Budgets = new AcmeBudgets(caches.Certificates.Store);
        var acme = new AcmeServices(
            Accounts, solvers, Budgets, new IssuerHealth(time), Orders, time, loggers.CreateLogger("CertOperator.Acme"));
        Issuers = new IssuerCatalog(
            caches.Issuers.Store, caches.ClusterIssuers, caches.Secrets.Store, SigningKeys, acme, options.Namespace, time);
        var writer = new SecretWriter(client, caches.Secrets);
        Situations = new SituationReader(client, caches.Certificates, caches.Secrets.Store, Issuers, writer, time);
        History = new KeyHistory(client, time);
        var store = new PairStore(client, History, writer, time);
        Plans = new PlanRunner(new IssuanceRunner(client, Issuers, _keyPairs, new PendingKeys(client, _keyPairs), store), store, new RollbackRunner(History, store, time), Counts, time);
    }

    public AcmeAccounts Accounts { get; }

    public AccountCheck AccountCheck { get; }

    /// <summary>What ACME accounts may still order.</summary>
    public AcmeBudgets Budgets { get; }

    /// <summary>What came of attempts.</summary>
    public IssuanceCounts Counts { get; } = new();

    /// <summary>Asks ACME servers when to renew.</summary>
    public RenewalAdvisor Advisor { get; }

    /// <summary>ACME orders.</summary>
    public OrdersUnderWay Orders { get; } = new();

    public SigningKeys SigningKeys { get; }

    public IssuerCatalog Issuers { get; }

    public SituationReader Situations { get; }

    /// <summary>Former key pairs.</summary>
    public KeyHistory History { get; }

    public PlanRunner Plans { get; }

    public void Dispose()
    {
        _keyPairs.Dispose();
        _servers.Dispose();
    }
}
