using System.Security.Cryptography.X509Certificates;
using CertOperator.Testing.Acme;

namespace CertOperator.Acme.Tests.Servers;

public sealed class FakeExternalAccountTests : ExternalAccountContract, IAsyncLifetime
{
    private FakeAcmeServer? _server;

    public async ValueTask InitializeAsync() =>
        _server = await FakeAcmeServer.StartAsync(new FakeAcmeOptions { ExternalAccountKeys = Keys, ExternalAccountRequired = true });

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    protected override Task<(Uri DirectoryUrl, X509Certificate2 Trust)> ServerAsync() => Task.FromResult((_server!.DirectoryUrl, _server.Trust));
}
