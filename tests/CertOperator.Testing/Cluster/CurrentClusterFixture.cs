namespace CertOperator.Testing.Cluster;

/// <summary>As <see cref="ClusterFixture"/>, with a cluster whose CustomResourceDefinitions are judged by a current server.</summary>
public sealed class CurrentClusterFixture() : ClusterFixture(ClusterVersion.Current);
