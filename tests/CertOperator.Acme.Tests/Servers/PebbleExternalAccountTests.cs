using System.Security.Cryptography.X509Certificates;
using CertOperator.Testing.Acme;

namespace CertOperator.Acme.Tests.Servers;

public sealed class PebbleExternalAccountTests(PebbleFixture pebbles) : ExternalAccountContract, IClassFixture<PebbleFixture>
{
    private static readonly PebbleOptions Options = new() { ExternalAccountKeys = Keys };

    protected override async Task<(Uri DirectoryUrl, X509Certificate2 Trust)> ServerAsync()
    {
        var pebble = await pebbles.GetAsync(Options);
        return (pebble.DirectoryUrl, pebble.Trust);
    }
}
