namespace CertOperator.Testing.Cluster;

/// <summary>How old the servers of a <see cref="TestCluster"/> are.</summary>
public enum ClusterVersion
{
    /// <summary>kube-apiserver 1.20 for everything, the oldest that the operator runs on.</summary>
    Oldest,

    /// <summary>
    /// CustomResourceDefinitions, and the kinds that they define, are of a current apiextensions-apiserver, to which kube-apiserver
    /// passes on what is asked of them; Kubernetes' own kinds are still of kube-apiserver 1.20, for want of a newer one.
    /// </summary>
    Current,
}
