using CertOperator.Acceptance.Charts;
using CertOperator.Testing.Cluster;

namespace CertOperator.Acceptance.Current;

/// <summary><see cref="InstallTests"/> with CustomResourceDefinitions that a current server is given.</summary>
public sealed class CurrentInstallTests : InstallTests
{
    protected override ClusterVersion Version => ClusterVersion.Current;
}
