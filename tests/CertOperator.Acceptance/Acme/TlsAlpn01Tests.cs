using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Acme;

/// <summary>TLS-ALPN-01 (RFC 8737): port 443 of the name leads to the operator.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed class TlsAlpn01Tests(OperatorFixture fixture)
{
    [Fact]
    public async Task A_name_is_validated_in_the_handshake()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        await using AcmeNamespace acme = await AcmeNamespace.CreateAsync(installation);
        int port = FreePorts.Take(1)[0];
        await using PebbleServer pebble = await PebbleServer.StartAsync(new PebbleOptions { TlsPort = port });
        await using OperatorProcess certOperator = await installation.StartAsync(acmeTlsPort: port);

        await acme.AddIssuerAsync("acme", pebble, "{tlsAlpn01: {} }");
        await acme.ApplyAsync(Manifests.Certificate(acme.Name, "web", issuer: "{name: acme}"));
        await installation.ReadyAsync(acme.Name);

        await acme.VerifiedAsync("web", pebble, "web.example.com");
        await acme.NothingIsLeftAsync();
    }
}
