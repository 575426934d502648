using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Dns;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Acme;

/// <summary>dns-persist-01 in the form of its draft's version 01, which is Pebble's.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed partial class DnsPersistTests(OperatorFixture fixture)
{
    [Fact]
    public async Task Whoever_sets_the_record_that_the_Certificate_names_has_it_validated()
    {
        PebbleServer.Require("2.10", "dns-persist-01");
        OperatorInstallation installation = await fixture.GetAsync();
        await using AcmeNamespace acme = await AcmeNamespace.CreateAsync(installation);
        await using PebbleServer pebble = await PebbleServer.StartAsync();
        await using OperatorProcess certOperator = await installation.StartAsync();

        await acme.AddIssuerAsync("acme", pebble, $$"""{dns01: {challengeType: dns-persist-01, nameservers: ["{{pebble.Challenges.Dns}}"], propagation: {check: Recursive} } }""");
        await acme.ApplyAsync(Manifests.Certificate(acme.Name, "wildcard", issuer: "{name: acme}", hosts: "persist.example.com, '*.persist.example.com'"));
        Match told = await Eventually.GetAsync("the record is told", async () =>
        {
            JsonNode? ready = (await acme.StatusAsync("wildcard"))?["conditions"]?.AsArray().FirstOrDefault(condition => (string?)condition!["type"] == "Ready");
            return (string?)ready?["reason"] == "RecordMissing" && Record().Match((string)ready["message"]!) is { Success: true } record ? record : null;
        });
        Assert.Equal("_validation-persist.persist.example.com", told.Groups["name"].Value);
        Assert.EndsWith("; policy=wildcard", told.Groups["value"].Value, StringComparison.Ordinal);

        await pebble.Challenges.AddTextAsync(told.Groups["name"].Value, told.Groups["value"].Value);
        await installation.ReadyAsync(acme.Name);
        await acme.VerifiedAsync("wildcard", pebble, "persist.example.com", "*.persist.example.com");
        await acme.NothingIsLeftAsync();
    }

    [Fact]
    public async Task A_provider_has_it_written_once_and_it_stays()
    {
        PebbleServer.Require("2.10", "dns-persist-01");
        OperatorInstallation installation = await fixture.GetAsync();
        await using AcmeNamespace acme = await AcmeNamespace.CreateAsync(installation);
        await using KnotServer knot = await KnotServer.StartAsync(new DnsZone("example.com", "_validation-persist TXT \"of somebody else\""));
        await using PebbleServer pebble = await PebbleServer.StartAsync(new PebbleOptions { DnsServer = knot.Endpoint.ToString() });
        await using OperatorProcess certOperator = await installation.StartAsync();

        await acme.AddSecretAsync("tsig", "tsig-secret-key", knot.Sha256Key.Secret);
        await acme.AddIssuerAsync("acme", pebble, $$"""
            {dns01: {
              challengeType: dns-persist-01, nameservers: ["{{knot.Endpoint}}"], propagation: {check: Recursive},
              rfc2136: {nameserver: "{{knot.Endpoint}}", tsigKeyName: {{knot.Sha256Key.Name}}, tsigSecretSecretRef: {name: tsig} } } }
            """);
        await acme.ApplyAsync(Manifests.Certificate(acme.Name, "wildcard", issuer: "{name: acme}", hosts: "example.com, '*.example.com'"));
        await acme.ApplyAsync(Manifests.Certificate(acme.Name, "apex", issuer: "{name: acme}", hosts: "example.com"));
        await installation.ReadyAsync(acme.Name, 2);

        await acme.VerifiedAsync("wildcard", pebble, "example.com", "*.example.com");
        await acme.VerifiedAsync("apex", pebble, "example.com");
        await acme.Cluster.Admin.DeleteAsync($"/apis/certoperator.io/v1/namespaces/{acme.Name}/certificates/wildcard");
        string uri = (string)(await acme.Cluster.Admin.GetAsync($"/apis/certoperator.io/v1/namespaces/{acme.Name}/issuers/acme"))["status"]!["acme"]!["uri"]!;
        IReadOnlyList<string> stayed = await knot.TextsAsync("_validation-persist.example.com");
        Assert.Contains("of somebody else", stayed);
        Assert.Contains($"pebble.example; accounturi={uri}; policy=wildcard", stayed);
        await acme.NothingIsLeftAsync();
    }

    [GeneratedRegex("the TXT record (?<name>[^ ]+) with the text \"(?<value>[^\"]+)\"")]
    private static partial Regex Record();
}
