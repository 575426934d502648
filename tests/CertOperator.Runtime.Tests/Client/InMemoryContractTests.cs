using System.Text.Json;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.Tests.Kinds;

namespace CertOperator.Runtime.Tests.Client;

/// <summary>The contract as the in-memory cluster keeps it.</summary>
public class InMemoryContractTests : KubeClientContract
{
    protected InMemoryCluster Cluster { get; } = new(TimeProvider.System);

    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected override Task<IKubeClient> ConnectAsync()
    {
        foreach (var crd in new[] { TestCrds.Widgets, TestCrds.Gadgets })
            Cluster.RegisterCrd(JsonSerializer.SerializeToNode(crd, CustomResourceDefinition.Json)!.AsObject());
        return Task.FromResult<IKubeClient>(new InMemoryKubeClient(Cluster));
    }

    protected override void CollectGarbage() => Cluster.CollectGarbage();

    protected override void CompactHistory() => Cluster.CompactHistory();
}
