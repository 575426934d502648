using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace CertOperator.Acme.Tests.Servers;

/// <summary>What RFC 8555 asks of any server, tried on Pebble and on the fake alike, so that the fake cannot drift from the field.</summary>
public abstract class AcmeServerContract
{
    protected static readonly Dictionary<string, TimeSpan> Profiles = new() { ["short"] = TimeSpan.FromDays(6) };

    // RFC 8555 leaves open which of the two a wrong signer or URL is.
    private static readonly string[] Refused = ["malformed", "unauthorized"];

    protected abstract Task<ServerUnderTest> ServerAsync();

    [Theory]
    [InlineData("http-01")]
    [InlineData("dns-01")]
    [InlineData("tls-alpn-01")]
    public async Task Issues_for_a_met_challenge(string type)
    {
        var server = await ServerAsync();
        using var client = await RegisteredAsync(server);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new[] { $"a.{Unique()}.example", $"b.{Unique()}.example" };
        var chain = await IssueAsync(server, client, key, type, names);
        Assert.Equal(3, chain.Count);
        Assert.All(names, name => Assert.True(chain[0].MatchesHostname(name)));
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), chain[0].PublicKey.ExportSubjectPublicKeyInfo());
        Assert.True(IsTrusted(chain, server.Roots[0]));
    }

    [Fact]
    public async Task A_name_and_its_wildcard_are_proven_by_two_values_at_one_name()
    {
        var server = await ServerAsync();
        using var client = await RegisteredAsync(server);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = $"{Unique()}.example";
        var chain = await IssueAsync(server, client, key, "dns-01", name, $"*.{name}");
        Assert.True(chain[0].MatchesHostname($"www.{name}"));
    }

    [Fact]
    public async Task An_account_is_made_once_for_a_key()
    {
        var server = await ServerAsync();
        using var client = await JwsClient.OpenAsync(server.DirectoryUrl, server.Trust);
        var probe = new JsonObject { ["onlyReturnExisting"] = true, ["termsOfServiceAgreed"] = true };
        Assert.Equal("accountDoesNotExist", (await client.RegisterAsync((JsonObject)probe.DeepClone())).Problem);
        var made = await client.RegisterAsync();
        Assert.Equal(201, made.Status);
        client.Account = null;
        var found = await client.RegisterAsync(probe);
        Assert.Equal((200, made.Location), (found.Status, found.Location));
    }

    [Fact]
    public async Task Only_fresh_signed_requests_for_the_same_url_are_served()
    {
        var server = await ServerAsync();
        using var client = await RegisteredAsync(server);
        var account = client.Account!;
        var used = client.Sign(account, await client.NonceAsync(), "");
        Assert.Equal(200, (await client.SendAsync(account, used)).Status);
        Assert.Equal("badNonce", (await client.SendAsync(account, used)).Problem);
        Assert.Equal("badNonce", (await client.SendAsync(account, client.Sign(account, "never-given", ""))).Problem);

        var forAnother = await client.SendAsync(client.Resource("newOrder"), client.Sign(account, await client.NonceAsync(), "{}"));
        Assert.Contains(forAnother.Problem, Refused);
        Assert.Equal(415, (await client.SendAsync(account, used, "application/jose+json; charset=utf-8")).Status);
        var forged = JsonNode.Parse(client.Sign(account, await client.NonceAsync(), ""))!;
        forged["payload"] = JwsClient.Encode("""{"status":"deactivated"}""");
        Assert.Equal("malformed", (await client.SendAsync(account, forged.ToJsonString())).Problem);
        Assert.Equal(200, (await client.PostAsync(account)).Status);
        using var get = await client.Http.GetAsync(account);
        Assert.Equal(405, (int)get.StatusCode);
    }

    [Fact]
    public async Task An_order_that_is_not_ready_cannot_be_finalized()
    {
        var server = await ServerAsync();
        using var client = await RegisteredAsync(server);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = $"{Unique()}.example";
        var order = await client.OrderAsync(name);
        Assert.Equal("pending", (string?)order.Body["status"]);
        var refused = await client.PostAsync(Finalize(order), new() { ["csr"] = Issuance.Request(key, name) });
        Assert.Equal((403, "orderNotReady"), (refused.Status, refused.Problem));
    }

    [Fact]
    public async Task A_request_for_other_names_or_with_the_account_key_is_refused()
    {
        var server = await ServerAsync();
        using var client = await RegisteredAsync(server);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = $"{Unique()}.example";
        var order = await client.OrderAsync(name);
        await client.AuthorizeAsync(order.Body, "dns-01", Present(server, "dns-01"));
        await client.PollAsync(order.Location, "ready");
        var withAccountKey = await client.PostAsync(Finalize(order), new() { ["csr"] = Issuance.Request(client.Key, name) });
        Assert.Equal("badCSR", withAccountKey.Problem);
        var otherName = await client.PostAsync(Finalize(order), new() { ["csr"] = Issuance.Request(key, $"other.{name}") });
        Assert.Equal("unauthorized", otherName.Problem);
    }

    [Fact]
    public async Task An_unmet_challenge_ends_the_order()
    {
        var server = await ServerAsync();
        using var client = await RegisteredAsync(server);
        var order = await client.OrderAsync($"{Unique()}.example");
        await client.AuthorizeAsync(order.Body, "http-01", (_, _, _) => Task.CompletedTask, "invalid");
        var dead = await client.PollAsync(order.Location, "invalid");
        Assert.NotNull(dead.Body["error"]?["type"]);
    }

    [Fact]
    public async Task Alternate_chains_end_at_other_roots()
    {
        var server = await ServerAsync();
        using var client = await RegisteredAsync(server);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = $"{Unique()}.example";
        var order = await client.OrderAsync(name);
        await client.AuthorizeAsync(order.Body, "dns-01", Present(server, "dns-01"));
        await client.FinalizeAsync(order.Location, key, name);
        var valid = await client.PostAsync(order.Location);
        var download = await client.PostAsync(new Uri((string)valid.Body["certificate"]!));
        var alternate = new X509Certificate2Collection();
        alternate.ImportFromPem((await client.PostAsync(Assert.Single(download.Links("alternate")))).Text);
        Assert.True(IsTrusted(alternate, server.Roots[1]));
        Assert.False(IsTrusted(alternate, server.Roots[0]));
    }

    [Fact]
    public async Task Account_and_certificate_key_may_revoke_once()
    {
        var server = await ServerAsync();
        using var client = await RegisteredAsync(server);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = (await IssueAsync(server, client, key, "dns-01", $"{Unique()}.example"))[0];
        JsonObject Revoke(int reason) => new() { ["certificate"] = Base64Url.EncodeToString(leaf.RawData), ["reason"] = reason };

        using var stranger = await RegisteredAsync(server);
        Assert.Equal("unauthorized", (await stranger.PostAsync(client.Resource("revokeCert"), Revoke(0))).Problem);
        Assert.Equal("badRevocationReason", (await client.PostAsync(client.Resource("revokeCert"), Revoke(7))).Problem);
        Assert.Equal(200, (await client.PostAsync(client.Resource("revokeCert"), Revoke(4))).Status);
        Assert.Equal("alreadyRevoked", (await client.PostAsync(client.Resource("revokeCert"), Revoke(4))).Problem);
    }

    [Fact]
    public async Task A_changed_key_takes_the_place_of_the_old_one()
    {
        var server = await ServerAsync();
        using var client = await RegisteredAsync(server);
        using var other = await JwsClient.OpenAsync(server.DirectoryUrl, server.Trust);
        var changed = await client.PostAsync(client.Resource("keyChange"), client.KeyChange(other.Key));
        Assert.Equal(200, changed.Status);
        Assert.Contains((await client.PostAsync(client.Account!)).Problem, Refused);
        other.Account = client.Account;
        Assert.Equal(200, (await other.PostAsync(client.Account!)).Status);
    }

    [Fact]
    public async Task A_deactivated_account_is_refused()
    {
        var server = await ServerAsync();
        using var client = await RegisteredAsync(server);
        var closed = await client.PostAsync(client.Account!, new() { ["status"] = "deactivated" });
        Assert.Equal("deactivated", (string?)closed.Body["status"]);
        Assert.Equal((403, "unauthorized"), await ProblemAsync(client.OrderAsync("closed.example")));
        client.Account = null;
        Assert.Equal((403, "unauthorized"), await ProblemAsync(client.RegisterAsync()));
    }

    [Fact]
    public async Task A_certificate_is_replaced_once()
    {
        var server = await ServerAsync();
        using var client = await RegisteredAsync(server);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = $"{Unique()}.example";
        var leaf = (await IssueAsync(server, client, key, "dns-01", name))[0];
        var id = CertificateIds.Of(leaf);
        var info = JsonNode.Parse(await client.Http.GetStringAsync(new Uri($"{client.Resource("renewalInfo")}/{id}")))!["suggestedWindow"]!;
        var start = DateTimeOffset.Parse((string)info["start"]!);
        Assert.InRange(start, leaf.NotBefore, leaf.NotAfter);

        JsonObject Successor() => new() { ["identifiers"] = new JsonArray(new JsonObject { ["type"] = "dns", ["value"] = name }), ["replaces"] = id };
        var order = await client.PostAsync(client.Resource("newOrder"), Successor());
        Assert.Equal(201, order.Status);
        await client.AuthorizeAsync(order.Body, "dns-01", Present(server, "dns-01"));
        await client.FinalizeAsync(order.Location, key, name);
        Assert.Equal((409, "alreadyReplaced"), await ProblemAsync(client.PostAsync(client.Resource("newOrder"), Successor())));
    }

    [Fact]
    public async Task Profiles_are_told_echoed_and_checked()
    {
        var server = await ServerAsync();
        using var client = await RegisteredAsync(server);
        Assert.Equal("short", Assert.Single(client.Directory["meta"]!["profiles"]!.AsObject()).Key);
        JsonObject Order(string profile) => new()
        {
            ["identifiers"] = new JsonArray(new JsonObject { ["type"] = "dns", ["value"] = "profile.example" }),
            ["profile"] = profile,
        };
        Assert.Equal("short", (string?)(await client.PostAsync(client.Resource("newOrder"), Order("short"))).Body["profile"]);
        Assert.Equal((400, "invalidProfile"), await ProblemAsync(client.PostAsync(client.Resource("newOrder"), Order("long"))));
    }

    [Theory]
    [InlineData("dns", "192.0.2.1")]
    [InlineData("dns", "a.*.example")]
    [InlineData("ip", "not-an-address")]
    public async Task Names_that_are_none_are_refused(string type, string value)
    {
        var server = await ServerAsync();
        using var client = await RegisteredAsync(server);
        var refused = await client.PostAsync(
            client.Resource("newOrder"), new() { ["identifiers"] = new JsonArray(new JsonObject { ["type"] = type, ["value"] = value }) });
        Assert.Equal((400, "malformed"), (refused.Status, refused.Problem));
    }

    private protected static async Task<JwsClient> RegisteredAsync(ServerUnderTest server)
    {
        var client = await JwsClient.OpenAsync(server.DirectoryUrl, server.Trust);
        Assert.Equal(201, (await client.RegisterAsync()).Status);
        return client;
    }

    private static Func<string, string, string, Task> Present(ServerUnderTest server, string type) => (name, token, answer) => type switch
    {
        "http-01" => server.Challenges.AddHttpAsync(token, answer),
        "dns-01" => server.Challenges.AddTextAsync($"_acme-challenge.{name}", Issuance.DnsValue(answer)),
        _ => server.Challenges.AddTlsAlpnAsync(name, answer),
    };

    private static async Task<X509Certificate2Collection> IssueAsync(
        ServerUnderTest server, JwsClient client, ECDsa key, string type, params string[] names)
    {
        var order = await client.OrderAsync(names);
        Assert.Equal(201, order.Status);
        await client.AuthorizeAsync(order.Body, type, Present(server, type));
        return await client.FinalizeAsync(order.Location, key, names);
    }

    private static async Task<(int Status, string? Problem)> ProblemAsync(Task<JwsReply> reply) => ((await reply).Status, (await reply).Problem);

    private static Uri Finalize(JwsReply order) => new((string)order.Body["finalize"]!);

    private static string Unique() => RandomNumberGenerator.GetHexString(10, lowercase: true);

    private static bool IsTrusted(X509Certificate2Collection chain, X509Certificate2 root)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(root);
        policy.ExtraStore.AddRange(chain);
        using var check = new X509Chain { ChainPolicy = policy };
        return check.Build(chain[0]);
    }
}
