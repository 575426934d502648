using CertOperator.Acceptance.Pages;
using CertOperator.Testing.Cluster;

namespace CertOperator.Acceptance.Current;

/// <summary><see cref="TourTests"/> with Certificates and issuers that a current server keeps.</summary>
public sealed class CurrentTourTests : TourTests
{
    protected override ClusterVersion Version => ClusterVersion.Current;
}
