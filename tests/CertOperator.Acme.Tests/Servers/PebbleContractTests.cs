using System.Security.Cryptography.X509Certificates;
using CertOperator.Testing.Acme;

namespace CertOperator.Acme.Tests.Servers;

public sealed class PebbleContractTests(PebbleFixture pebbles) : AcmeServerContract, IClassFixture<PebbleFixture>
{
    private static readonly PebbleOptions Options = new() { NonceRejectPercent = 0, ChainLength = 2, AlternateRoots = 1, Profiles = Profiles };

    protected override async Task<ServerUnderTest> ServerAsync()
    {
        var pebble = await pebbles.GetAsync(Options);
        PebbleServer.Require("2.10", "the whole contract");
        return new ServerUnderTest(pebble.DirectoryUrl, pebble.Trust, pebble.Challenges, [.. await pebble.RootsAsync()]);
    }
}

public sealed class PebbleExternalAccountTests(PebbleFixture pebbles) : ExternalAccountContract, IClassFixture<PebbleFixture>
{
    private static readonly PebbleOptions Options = new() { ExternalAccountKeys = Keys };

    protected override async Task<(Uri DirectoryUrl, X509Certificate2 Trust)> ServerAsync()
    {
        var pebble = await pebbles.GetAsync(Options);
        return (pebble.DirectoryUrl, pebble.Trust);
    }
}
