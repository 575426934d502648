using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Challenges.Dns;
using CertOperator.Challenges.SelfChecks;
using CertOperator.Controllers.Served;
using CertOperator.Runtime.Caching;

namespace CertOperator.Controllers;

/// <summary>How the operator runs, wherever it runs.</summary>
internal sealed record OperatorOptions
{
    /// <summary>Where the Secrets of ClusterIssuers are, and the Lease.</summary>
    public string Namespace { get; init; } = "cert-operator";

    /// <summary>The only namespaces to work in, beside the operator's own; empty for all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>The issuer of Ingresses that ask for none by name.</summary>
    public IssuerRef? DefaultIssuer { get; init; }

    /// <summary>Last part of the names of Services.</summary>
    public string ClusterDomain { get; init; } = "cluster.local";

    /// <summary>Whether workloads are restarted that Certificates name in rollout.</summary>
    public bool Rollouts { get; init; }

    /// <summary>Certificates worked on at the same time.</summary>
    public int Workers { get; init; } = 16;

    /// <summary>How patient the caches are.</summary>
    public InformerOptions Informers { get; init; } = new();

    /// <summary>
    /// Lets Issuers of a namespace name ACME servers with private addresses. Off, because their authors could then reach into
    /// the cluster's network.
    /// </summary>
    public bool AllowPrivateAcmeServers { get; init; }

    /// <summary>The operator's own Service, behind which HTTP-01 is answered.</summary>
    public string ServiceName { get; init; } = "cert-operator";

    /// <summary>The port of that Service.</summary>
    public int ServicePort { get; init; } = 8089;

    /// <summary>Whether TLS-ALPN-01 is answered: port 443 of the names must lead to the operator for that.</summary>
    public bool AnswersTlsAlpn { get; init; }

    /// <summary>How it is checked that challenges are answered.</summary>
    public SelfCheckOptions SelfCheck { get; init; } = new();

    /// <summary>How it is verified what is served; null: it is not.</summary>
    public ServedOptions? Served { get; init; }

    /// <summary>Solvers by challenge type, beside or in place of the operator's own.</summary>
    public IReadOnlyDictionary<string, IChallengeSolver> Solvers { get; init; } = new Dictionary<string, IChallengeSolver>();

    /// <summary>Reaches DNS webhooks, which stand behind the API server; null where there is none.</summary>
    public PostToApiServer? Post { get; init; }

    /// <summary>Asks for tokens of service accounts; null where there is no API server.</summary>
    public PostToObject? PostTo { get; init; }

    /// <summary>Name of this replica in the Lease; null to work without one.</summary>
    public string? LeaseIdentity { get; init; }
}
