using CertOperator.Testing.Cluster;

[assembly: AssemblyFixture(typeof(ClusterFixture))]
[assembly: AssemblyFixture(typeof(CurrentClusterFixture))]
