using CertOperator.Runtime.Client;
using CertOperator.Runtime.Tests.Kinds;
using CertOperator.Testing.Cluster;

namespace CertOperator.Runtime.Tests.Client;

/// <summary>The contract as kube-apiserver keeps it.</summary>
public class RealApiServerContractTests(ClusterFixture fixture) : KubeClientContract
{
    private static readonly SemaphoreSlim Preparing = new(1, 1);

    private KubeClient? _client;

    public override ValueTask DisposeAsync()
    {
        _client?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    protected override async Task<IKubeClient> ConnectAsync()
    {
        var cluster = await fixture.GetAsync();
        _client = new KubeClient(KubeConfig.FromFiles([cluster.AdminKubeconfig], null), "contract/1", TimeProvider.System);
        await Preparing.WaitAsync(Cancel);
        try
        {
            await ServeAsync<Widget>(cluster, TestCrds.Widgets);
            await ServeAsync<Gadget>(cluster, TestCrds.Gadgets);
        }
        finally
        {
            Preparing.Release();
        }

        return _client;
    }

    // kube-controller-manager does it.
    protected override void CollectGarbage()
    {
    }

    // The watch cache of a kind reaches no further back than the definition of the kind.
    protected override void CompactHistory()
    {
    }

    /// <summary>Defines a kind and waits until it takes objects, which is a little after it is established.</summary>
    private async Task ServeAsync<T>(TestCluster cluster, CustomResourceDefinition crd) where T : class, IKubeObject<T>
    {
        await _client!.ApplyAsync(crd, "contract", true, Cancel);
        var probe = new ListOptions(Limit: 1);
        while (true)
        {
            try
            {
                await _client.ListAsync<T>(probe, Cancel);
                return;
            }
            catch (KubeException notYet) when (notYet.Failure is KubeFailure.NotFound or KubeFailure.Throttled or KubeFailure.Unavailable)
            {
                await cluster.ServeDefinedAsync();
                await Task.Delay(50, Cancel);
            }
        }
    }
}
