namespace CertOperator.Challenges.Http;

/// <summary>Where the operator itself answers HTTP-01 requests, as the cluster sees it.</summary>
internal sealed record Http01Options
{
    /// <summary>The operator's own namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The operator's own Service.</summary>
    public string ServiceName { get; init; } = "cert-operator";

    /// <summary>The port of that Service behind which the answers are.</summary>
    public int ServicePort { get; init; } = 8089;

    /// <summary>Last part of the names of Services.</summary>
    public string ClusterDomain { get; init; } = "cluster.local";

    /// <summary>What an Ingress of another namespace calls the Service.</summary>
    public string ServiceHost => $"{ServiceName}.{Namespace}.svc.{ClusterDomain}";
}
