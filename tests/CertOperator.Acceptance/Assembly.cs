using CertOperator.Acceptance.Images;
using CertOperator.Testing.Cluster;

[assembly: AssemblyFixture(typeof(ClusterFixture))]
[assembly: AssemblyFixture(typeof(CurrentClusterFixture))]
[assembly: AssemblyFixture(typeof(ImageFixture))]
