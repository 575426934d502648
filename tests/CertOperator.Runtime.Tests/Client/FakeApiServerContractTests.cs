using CertOperator.Runtime.Client;
using CertOperator.Testing.Api;

namespace CertOperator.Runtime.Tests.Client;

/// <summary>The contract as the in-memory cluster keeps it at real URLs, spoken to by the real client over HTTP/2.</summary>
public sealed class FakeApiServerContractTests : InMemoryContractTests
{
    private readonly Kubeconfig _files = new();
    private FakeApiServer? _server;
    private KubeClient? _client;

    public override async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_server is not null) await _server.DisposeAsync();
        _files.Dispose();
        await base.DisposeAsync();
    }

    protected override async Task<IKubeClient> ConnectAsync()
    {
        await base.ConnectAsync();
        _server = await FakeApiServer.StartAsync(Cluster, token: "t-1", https: true);
        var path = _files.Write(_server.Address, _server.Certificate!.ExportCertificatePem(), user: "token: t-1");
        return _client = new KubeClient(KubeConfig.FromFiles([path], null), "contract/1", TimeProvider.System);
    }
}
