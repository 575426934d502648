namespace CertOperator.Testing.Cluster;

/// <summary>
/// One cluster for all tests of an assembly (<c>[assembly: AssemblyFixture(typeof(ClusterFixture))]</c>), started by the
/// first test that asks for it.
/// </summary>
public class ClusterFixture : IAsyncDisposable
{
    private readonly Lazy<Task<TestCluster>> _cluster;

    public ClusterFixture()
        : this(ClusterVersion.Oldest)
    {
    }

    protected ClusterFixture(ClusterVersion version) => _cluster = new(() => TestCluster.StartAsync(version));

    /// <summary>Returns the cluster; skips the test, with the reason, when the servers are not on this machine.</summary>
    public Task<TestCluster> GetAsync() => MissingPart.SkipsAsync(() => _cluster.Value);

    public async ValueTask DisposeAsync()
    {
        if (_cluster.IsValueCreated && _cluster.Value.IsCompletedSuccessfully)
        {
            await (await _cluster.Value).DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
