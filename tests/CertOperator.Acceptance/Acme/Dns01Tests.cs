using System.Text.Json.Nodes;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Dns;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Acme;

/// <summary>DNS-01 (RFC 8555 section 8.4) and dns-account-01 by dynamic updates of a real name server, which is the one that the CA asks.</summary>
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

        await AddIssuerAsync(acme, pebble, knot, "");
        await acme.ApplyAsync(Manifests.Certificate(acme.Name, "wildcard", issuer: "{name: acme}", hosts: "example.com, '*.example.com'"));
        await installation.ReadyAsync(acme.Name);

        await acme.VerifiedAsync("wildcard", pebble, "example.com", "*.example.com");
        await Eventually.HoldsAsync("only the record of somebody else is left", async () =>
            await knot.TextsAsync("_acme-challenge.example.com") is ["of somebody else"]);
        await acme.NothingIsLeftAsync();
    }

    [Fact]
    public async Task With_dns_account_01_two_accounts_validate_a_domain_and_its_wildcard_side_by_side_also_where_it_is_delegated()
    {
        PebbleServer.Require("2.8", "dns-account-01");
        OperatorInstallation installation = await fixture.GetAsync();
        await using AcmeNamespace acme = await AcmeNamespace.CreateAsync(installation);
        // With the plain name there would be no way: it is a CNAME of somebody else's.
        await using KnotServer knot = await KnotServer.StartAsync(new DnsZone(
            "example.com", "_acme-challenge CNAME elsewhere", "*._acme-challenge.shop CNAME proofs", "elsewhere TXT \"of somebody else\""));
        await using PebbleServer pebble = await PebbleServer.StartAsync(new PebbleOptions { DnsServer = knot.Endpoint.ToString() });
        await using OperatorProcess certOperator = await installation.StartAsync();

        await AddIssuerAsync(acme, pebble, knot, "challengeType: dns-account-01, cnameStrategy: Follow, ");
        await AddIssuerAsync(acme, pebble, knot, "challengeType: dns-account-01, cnameStrategy: Follow, ", "other");
        await acme.ApplyAsync(Manifests.Certificate(acme.Name, "apex", issuer: "{name: acme}", hosts: "example.com, '*.example.com'"));
        await acme.ApplyAsync(Manifests.Certificate(acme.Name, "side", issuer: "{name: other}", hosts: "example.com, '*.example.com'"));
        await acme.ApplyAsync(Manifests.Certificate(acme.Name, "shop", issuer: "{name: other}", hosts: "shop.example.com, '*.shop.example.com'"));
        await installation.ReadyAsync(acme.Name, 3);

        await acme.VerifiedAsync("apex", pebble, "example.com", "*.example.com");
        await acme.VerifiedAsync("side", pebble, "example.com", "*.example.com");
        await acme.VerifiedAsync("shop", pebble, "shop.example.com", "*.shop.example.com");
        JsonNode account = (await acme.Cluster.Admin.GetAsync($"/apis/certoperator.io/v1/namespaces/{acme.Name}/issuers/acme"))["status"]!["acme"]!;
        Assert.Equal(ChallengeChecks.AccountLabel(new Uri((string)account["uri"]!)), (string?)account["dnsLabel"]);
        await Eventually.HoldsAsync("no record is left", async () =>
            (await knot.TextsAsync($"{account["dnsLabel"]}._acme-challenge.example.com")).Count == 0 && (await knot.TextsAsync("proofs.example.com")).Count == 0);
        Assert.Equal(["of somebody else"], await knot.TextsAsync("elsewhere.example.com"));
        await acme.NothingIsLeftAsync();
    }

    private static async Task AddIssuerAsync(AcmeNamespace acme, PebbleServer pebble, KnotServer knot, string more, string name = "acme")
    {
        await acme.AddSecretAsync($"tsig-{name}", "tsig-secret-key", knot.Sha256Key.Secret);
        await acme.AddIssuerAsync(name, pebble, $$"""
            {dns01: {
              {{more}}nameservers: ["{{knot.Endpoint}}"], propagation: {check: Recursive},
              rfc2136: {nameserver: "{{knot.Endpoint}}", tsigKeyName: {{knot.Sha256Key.Name}}, tsigSecretSecretRef: {name: tsig-{{name}}} } } }
            """);
    }
}
