using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Dns;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Acme;

/// <summary>DNS-01 (RFC 8555 section 8.4) by dynamic updates of a real name server, which is the one that the CA asks.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed class Dns01Tests(OperatorFixture fixture)
{
    [Fact]
    public async Task A_domain_and_its_wildcard_are_validated_by_signed_updates_and_no_record_stays()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        await using AcmeNamespace acme = await AcmeNamespace.CreateAsync(installation);
        await using KnotServer knot = await KnotServer.StartAsync(new DnsZone("example.com", "_acme-challenge TXT \"of somebody else\""));
        await using PebbleServer pebble = await PebbleServer.StartAsync(new PebbleOptions { DnsServer = knot.Endpoint.ToString() });
        await using OperatorProcess certOperator = await installation.StartAsync();

        await acme.AddSecretAsync("tsig", "tsig-secret-key", knot.Sha256Key.Secret);
        await acme.AddIssuerAsync("acme", pebble, $$"""
            {dns01: {
              nameservers: ["{{knot.Endpoint}}"], propagation: {check: Recursive},
              rfc2136: {nameserver: "{{knot.Endpoint}}", tsigKeyName: {{knot.Sha256Key.Name}}, tsigSecretSecretRef: {name: tsig} } } }
            """);
        await acme.ApplyAsync(Manifests.Certificate(acme.Name, "wildcard", issuer: "{name: acme}", hosts: "example.com, '*.example.com'"));
        await installation.ReadyAsync(acme.Name);

        await acme.VerifiedAsync("wildcard", pebble, "example.com", "*.example.com");
        await Eventually.HoldsAsync("only the record of somebody else is left", async () =>
            await knot.TextsAsync("_acme-challenge.example.com") is ["of somebody else"]);
        await acme.NothingIsLeftAsync();
    }
}
