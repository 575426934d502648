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
        _challenges = await MissingPart.SkipsAsync(ChallengeTestServer.StartAsync);
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
