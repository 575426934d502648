using System.Security.Cryptography.X509Certificates;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Cluster;

namespace CertOperator.Acme.Tests.Servers;

public sealed class FakeAcmeContractTests : AcmeServerContract, IAsyncLifetime
{
    private FakeAcmeServer? _server;
    private ChallengeTestServer? _challenges;

    public async ValueTask InitializeAsync()
    {
        try
        {
            _challenges = await ChallengeTestServer.StartAsync();
        }
        catch (MissingPartException e)
        {
            Assert.Skip(e.Message);
        }

        _server = await FakeAcmeServer.StartAsync(new FakeAcmeOptions { ChainLength = 2, AlternateRoots = 1, Profiles = Profiles });
        _server.Behaviour.Validate = ChallengeChecks.By(_challenges.HttpPort, _challenges.TlsPort, _challenges.Dns);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        if (_challenges is not null) await _challenges.DisposeAsync();
    }

    protected override Task<ServerUnderTest> ServerAsync() =>
        Task.FromResult(new ServerUnderTest(_server!.DirectoryUrl, _server.Trust, _challenges!, _server.Roots));
}

public sealed class FakeExternalAccountTests : ExternalAccountContract, IAsyncLifetime
{
    private FakeAcmeServer? _server;

    public async ValueTask InitializeAsync() =>
        _server = await FakeAcmeServer.StartAsync(new FakeAcmeOptions { ExternalAccountKeys = Keys, ExternalAccountRequired = true });

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    protected override Task<(Uri DirectoryUrl, X509Certificate2 Trust)> ServerAsync() => Task.FromResult((_server!.DirectoryUrl, _server.Trust));
}
