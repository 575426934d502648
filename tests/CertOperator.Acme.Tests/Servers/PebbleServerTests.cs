using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;

namespace CertOperator.Acme.Tests.Servers;

public sealed class PebbleServerTests(PebbleFixture pebbles) : IClassFixture<PebbleFixture>
{
    [Fact]
    public async Task Says_what_renewal_info_is_set()
    {
        var pebble = await pebbles.GetAsync();
        PebbleServer.Require("2.8", "a renewal window of the test's choice");
        using var client = await JwsClient.OpenAsync(pebble.DirectoryUrl, pebble.Trust);
        await client.RegisterAsync();
        var order = await client.OrderAsync("ari.example");
        await client.AuthorizeAsync(order.Body, "http-01", (_, token, answer) => pebble.Challenges.AddHttpAsync(token, answer));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = (await client.FinalizeAsync(order.Location, key, "ari.example"))[0];
        await pebble.SetRenewalInfoAsync(leaf, """{"suggestedWindow":{"start":"soon"}}""");

        var info = await client.Http.GetStringAsync(new Uri($"{client.Resource("renewalInfo")}/{CertificateIds.Of(leaf)}"));
        Assert.Equal("soon", (string?)JsonNode.Parse(info)!["suggestedWindow"]!["start"]);
    }

    [Fact]
    public async Task Restart_forgets_accounts_and_keeps_the_url()
    {
        await using var pebble = await PebbleServer.StartAsync();
        using var client = await JwsClient.OpenAsync(pebble.DirectoryUrl, pebble.Trust);
        await client.RegisterAsync();
        await pebble.RestartAsync();
        var refused = await client.OrderAsync("restart.example");
        Assert.Equal("accountDoesNotExist", refused.Problem);
    }

    [Fact]
    public async Task Options_reach_the_process()
    {
        var options = new PebbleOptions
        {
            AlternateRoots = 2,
            ChainLength = 2,
            Strict = true,
            RetryAfterSeconds = 1,
            ExternalAccountKeys = new Dictionary<string, string> { ["kid-1"] = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W" },
            Profiles = new Dictionary<string, TimeSpan> { ["short"] = TimeSpan.FromDays(6) },
        };
        var pebble = await pebbles.GetAsync(options);
        using var client = await JwsClient.OpenAsync(pebble.DirectoryUrl, pebble.Trust);

        Assert.Equal("externalAccountRequired", (await client.RegisterAsync()).Problem);
        Assert.Equal("short", client.Directory["meta"]!["profiles"]!.AsObject().Single().Key);
        Assert.Equal(3, (await pebble.RootsAsync()).Count);
    }

    [Fact]
    public async Task A_server_that_cannot_start_tells_its_last_output()
    {
        var unusable = new PebbleOptions { ExternalAccountKeys = new Dictionary<string, string> { ["kid-1"] = "not base64url!" } };
        var refused = await Assert.ThrowsAsync<ServerEndedException>(() => PebbleServer.StartAsync(unusable));
        Assert.Contains("base64", refused.Message, StringComparison.Ordinal);
    }
}
