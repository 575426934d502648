using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Acme.Tests.Servers;

/// <summary>What the fake server keeps from request to request, on a clock that the test moves.</summary>
public sealed class FakeAcmeStateTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private FakeAcmeServer _server = null!;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_valid_authorization_serves_later_orders_until_it_expires()
    {
        using var client = await StartAsync(new FakeAcmeOptions { ReusesAuthorizations = true, AuthorizationLifetime = TimeSpan.FromHours(7) });
        var first = await client.OrderAsync("a.example");
        await client.AuthorizeAsync(first.Body, "http-01", (_, _, _) => Task.CompletedTask);
        Assert.Equal("ready", (string?)(await client.OrderAsync("a.example")).Body["status"]);
        _time.Advance(TimeSpan.FromHours(8));
        Assert.Equal("pending", (string?)(await client.OrderAsync("a.example")).Body["status"]);
    }

    [Fact]
    public async Task An_open_order_for_the_same_names_is_returned_again()
    {
        using var client = await StartAsync(new FakeAcmeOptions { ReusesOrders = true });
        var first = await client.OrderAsync("a.example", "b.example");
        Assert.Equal(first.Location, (await client.OrderAsync("B.example", "a.example", "a.example")).Location);
        Assert.NotEqual(first.Location, (await client.OrderAsync("a.example")).Location);
    }

    [Fact]
    public async Task Orders_and_nonces_expire()
    {
        using var client = await StartAsync(new FakeAcmeOptions { OrderLifetime = TimeSpan.FromHours(8) });
        var order = await client.OrderAsync("a.example");
        _time.Advance(TimeSpan.FromHours(9));
        Assert.Equal("invalid", (string?)(await client.PostAsync(order.Location)).Body["status"]);
        var signed = client.Sign(client.Account!, await client.NonceAsync(), "");
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal("badNonce", (await client.SendAsync(client.Account!, signed)).Problem);
    }

    [Fact]
    public async Task The_list_of_orders_has_pages()
    {
        using var client = await StartAsync(new FakeAcmeOptions { OrdersPerPage = 2 });
        var made = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            made.Add((await client.OrderAsync($"{i}.example")).Location.OriginalString);
        }

        var listed = new List<string>();
        var page = (Uri?)new Uri((string)(await client.PostAsync(client.Account!)).Body["orders"]!);
        while (page is not null)
        {
            var reply = await client.PostAsync(page);
            listed.AddRange(reply.Body["orders"]!.AsArray().Select(order => (string)order!));
            page = reply.Links("next").SingleOrDefault();
        }

        Assert.Equal(made, listed);
    }

    [Fact]
    public async Task Certificates_live_as_long_as_profile_or_order_say()
    {
        using var client = await StartAsync(new FakeAcmeOptions { Profiles = new Dictionary<string, TimeSpan> { ["short"] = TimeSpan.FromHours(160) } });
        Assert.Equal(TimeSpan.FromHours(160), await LifetimeAsync(client, new() { ["profile"] = "short" }));
        Assert.Equal(TimeSpan.FromDays(90), await LifetimeAsync(client, []));
        var end = _time.GetUtcNow().AddDays(3).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        Assert.InRange(await LifetimeAsync(client, new() { ["notAfter"] = end }), TimeSpan.FromDays(2.9), TimeSpan.FromDays(3));
    }

    [Fact]
    public async Task Challenges_suit_the_kind_of_name()
    {
        using var client = await StartAsync(new FakeAcmeOptions());
        Assert.Equal(["http-01", "dns-01", "tls-alpn-01"], await OfferedAsync(client, "dns", "a.example"));
        Assert.Equal(["dns-01"], await OfferedAsync(client, "dns", "*.a.example"));
        Assert.Equal(["http-01", "tls-alpn-01"], await OfferedAsync(client, "ip", "2001:db8::1"));
    }

    [Fact]
    public async Task The_terms_must_be_agreed_to()
    {
        using var client = await StartAsync(new FakeAcmeOptions { TermsOfService = "https://ca.example/terms/2" });
        using var other = await JwsClient.OpenAsync(_server.DirectoryUrl, _server.Trust);
        var refused = await other.RegisterAsync([]);
        Assert.Equal((403, "userActionRequired"), (refused.Status, refused.Problem));
        Assert.Equal("https://ca.example/terms/2", (string?)refused.Body["instance"]);
        Assert.Equal("https://ca.example/terms/2", refused.Links("terms-of-service").Single().OriginalString);
    }

    [Fact]
    public async Task A_single_use_key_binds_one_account()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        using var first = await StartAsync(new FakeAcmeOptions
        {
            ExternalAccountKeys = new Dictionary<string, string> { ["kid-1"] = Base64Url.EncodeToString(key) },
            ExternalAccountKeysAreSingleUse = true,
        });
        using var second = await JwsClient.OpenAsync(_server.DirectoryUrl, _server.Trust);
        using var third = await JwsClient.OpenAsync(_server.DirectoryUrl, _server.Trust);
        Assert.Equal(201, (await second.RegisterAsync(second.BoundAccount("kid-1", key))).Status);
        Assert.Equal("unauthorized", (await third.RegisterAsync(third.BoundAccount("kid-1", key))).Problem);
    }

    private static async Task<IReadOnlyList<string?>> OfferedAsync(JwsClient client, string type, string value)
    {
        var order = await client.PostAsync(
            client.Resource("newOrder"), new() { ["identifiers"] = new JsonArray(new JsonObject { ["type"] = type, ["value"] = value }) });
        var authorization = await client.PostAsync(new Uri((string)order.Body["authorizations"]![0]!));
        Assert.Equal(value.StartsWith('*'), authorization.Body.ContainsKey("wildcard"));
        return [.. authorization.Body["challenges"]!.AsArray().Select(challenge => (string?)challenge!["type"])];
    }

    private async Task<JwsClient> StartAsync(FakeAcmeOptions options)
    {
        _server = await FakeAcmeServer.StartAsync(options with { Time = _time });
        var client = await JwsClient.OpenAsync(_server.DirectoryUrl, _server.Trust);
        Assert.Equal(201, (await client.RegisterAsync()).Status);
        return client;
    }

    private async Task<TimeSpan> LifetimeAsync(JwsClient client, JsonObject more)
    {
        more["identifiers"] = new JsonArray(new JsonObject { ["type"] = "dns", ["value"] = "a.example" });
        var order = await client.PostAsync(client.Resource("newOrder"), more);
        await client.AuthorizeAsync(order.Body, "http-01", (_, _, _) => Task.CompletedTask);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = (await client.FinalizeAsync(order.Location, key, "a.example"))[0];
        Assert.Equal(1, _server.Requests.Count(r => r.Endpoint == AcmeEndpoint.Finalize && r.Url.OriginalString == (string?)order.Body["finalize"]));
        return leaf.NotAfter - leaf.NotBefore;
    }
}
