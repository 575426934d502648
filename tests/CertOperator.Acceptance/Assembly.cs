using CertOperator.Testing.Cluster;

[assembly: AssemblyFixture(typeof(ClusterFixture))]
