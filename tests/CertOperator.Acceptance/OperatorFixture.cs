using CertOperator.Testing.Cluster;

namespace CertOperator.Acceptance;

/// <summary>The operator installed on the cluster of this assembly, by the first test that asks for it.</summary>
public class OperatorFixture(ClusterFixture clusters)
{
    private Task<OperatorInstallation>? _installation;

    public async Task<OperatorInstallation> GetAsync()
    {
        TestCluster cluster = await clusters.GetAsync();
        return await (_installation ??= OperatorInstallation.InstallAsync(cluster));
    }
}

/// <summary>Tests that run an operator: one at a time, for each works on the whole cluster.</summary>
[CollectionDefinition(Name)]
public sealed class OperatorTestGroup : ICollectionFixture<OperatorFixture>
{
    public const string Name = "operator";
}
