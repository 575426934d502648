using CertOperator.Testing.Cluster;

namespace CertOperator.Acceptance.Current;

/// <summary>As <see cref="OperatorFixture"/>, on the cluster whose CustomResourceDefinitions a current server judges.</summary>
public sealed class CurrentOperatorFixture(CurrentClusterFixture clusters) : OperatorFixture(clusters);

/// <summary>As <see cref="OperatorTestGroup"/>, on that cluster.</summary>
[CollectionDefinition(Name)]
public sealed class CurrentOperatorTestGroup : ICollectionFixture<CurrentOperatorFixture>
{
    public const string Name = "operator on a current server";
}
