using System.Net;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Acme;

/// <summary>TLS-ALPN-01 (RFC 8737, and RFC 8738 for addresses): port 443 of the name leads to the operator.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed class TlsAlpn01Tests(OperatorFixture fixture)
{
    [Fact]
    public async Task A_name_and_an_address_are_validated_in_the_handshake()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        await using AcmeNamespace acme = await AcmeNamespace.CreateAsync(installation);
        int port = FreePorts.Take(1)[0];
        await using PebbleServer pebble = await PebbleServer.StartAsync(new PebbleOptions { TlsPort = port });
        await using OperatorProcess certOperator = await installation.StartAsync(acmeTlsPort: port);

        await acme.AddIssuerAsync("acme", pebble, "{tlsAlpn01: {} }");
        await acme.ApplyAsync(Manifests.Certificate(acme.Name, "web", issuer: "{name: acme}"));
        await acme.ApplyAsync(Manifests.Certificate(acme.Name, "address", "ipAddresses: [127.0.0.1]", "{name: acme}", hosts: ""));
        await installation.ReadyAsync(acme.Name, 2);

        await acme.VerifiedAsync("web", pebble, "web.example.com");
        X509Certificate2 address = await acme.VerifiedAsync("address", pebble);
        Assert.Equal(IPAddress.Loopback, Assert.Single(address.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateIPAddresses()));
        await acme.NothingIsLeftAsync();
    }
}
