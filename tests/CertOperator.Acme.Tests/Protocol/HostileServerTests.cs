using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Acme.Accounts;
using CertOperator.Acme.Certificates;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Jose;
using CertOperator.Acme.Orders;
using CertOperator.Acme.Protocol;
using CertOperator.Acme.Renewal;
using CertOperator.Acme.Tests.Fake;
using CertOperator.Testing.Acme.Protocol;
using FsCheck.Xunit;

namespace CertOperator.Acme.Tests.Protocol;

/// <summary>Whatever a server sends is understood or ends in an <see cref="AcmeException"/> of bounded words: nothing else.</summary>
public sealed class HostileServerTests : IDisposable
{
    private const int Cases = 100;
    private const int MaxMessage = 1600;

    private const string Order = """
        {"status":"pending","expires":"2026-12-01T00:00:00Z","identifiers":[{"type":"dns","value":"a.example"}],
         "authorizations":["https://ca.example/authz/1"],"finalize":"https://ca.example/finalize/1","certificate":"https://ca.example/cert/1",
         "error":{"type":"urn:ietf:params:acme:error:dns","detail":"x","subproblems":[{"type":"a","identifier":{"type":"dns","value":"b"}}]},"replaces":"a.b","profile":"p"}
        """;

    private const string Authorization = """
        {"status":"pending","expires":"2026-12-01T00:00:00Z","identifier":{"type":"dns","value":"a.example"},"wildcard":true,
         "challenges":[{"type":"http-01","url":"https://ca.example/chall/1","status":"pending","token":"evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA","error":{}}]}
        """;

    private const string Account = """{"status":"valid","contact":["mailto:a@b.example"],"orders":"https://ca.example/orders/1","orders2":["https://ca.example/1"]}""";

    private const string Directory = """
        {"newNonce":"https://ca.example/nonce","newAccount":"https://ca.example/account","newOrder":"https://ca.example/order","keyChange":"https://ca.example/k",
         "meta":{"termsOfService":"https://ca.example/t","website":"https://ca.example","caaIdentities":["ca.example"],"externalAccountRequired":false,"profiles":{"a":"b"},"x":1}}
        """;

    private const string Renewal = """{"suggestedWindow":{"start":"2026-12-01T00:00:00Z","end":"2026-12-02T00:00:00Z"},"explanationURL":"https://ca.example/why"}""";

    private readonly LocalAccountKey _key = LocalAccountKey.Generate();

    public void Dispose() => _key.Dispose();

    [Property(MaxTest = Cases)]
    public void Octets_of_any_kind(byte[] body, ushort status) => TryAll(body, status);

    [Property(MaxTest = Cases)]
    public void Text_of_any_kind(string? body, ushort status) => TryAll(Encoding.UTF8.GetBytes(body ?? ""), status);

    [Property(MaxTest = Cases)]
    public void Good_answers_with_a_part_of_another_kind(byte which, byte part, byte kind, ushort status)
        => TryAll(Encoding.UTF8.GetBytes(Spoil(Pick(which), part, kind)), status);

    [Property(MaxTest = Cases)]
    public void Good_answers_with_an_octet_changed(byte which, ushort at, byte octet)
    {
        var body = Encoding.UTF8.GetBytes(Pick(which));
        body[at % body.Length] = octet;
        TryAll(body, 200);
    }

    [Property(MaxTest = Cases)]
    public void Headers_of_any_kind(string? link, string? retryAfter, string? location, string? nonce) => TryAll(
        Encoding.UTF8.GetBytes(Order), 200,
        new Dictionary<string, string> { ["Link"] = link ?? "", ["Retry-After"] = retryAfter ?? "", ["Location"] = location ?? "", ["Replay-Nonce"] = nonce ?? "" });

    [Theory]
    [InlineData("identifiers", """{"type":"dns","value":"a.example"}""")]
    [InlineData("authorizations", "\"https://ca.example/authz/1\"")]
    public async Task An_order_with_too_many_parts_is_refused(string member, string item)
    {
        var order = JsonNode.Parse(Order)!.AsObject();
        order[member] = JsonNode.Parse($"[{string.Join(',', Enumerable.Repeat(item, 10_000))}]");

        var failure = await Assert.ThrowsAsync<AcmeException>(() => CallAsync(order.ToJsonString(), (client, account) => client.Orders.GetAsync(account, new Uri("https://ca.example/o"))));

        Assert.Contains(member, failure.Message);
    }

    [Fact]
    public async Task An_answer_of_deep_JSON_is_refused() => await Assert.ThrowsAsync<AcmeException>(
        () => CallAsync(new string('[', 100_000), (client, account) => client.Orders.GetAsync(account, new Uri("https://ca.example/o"))));

    [Fact]
    public async Task An_unknown_state_is_none_of_ours_and_keeps_its_word()
    {
        Order? order = null;

        await CallAsync(Order.Replace("\"pending\"", "\"deactivated\""), async (client, account) => order = await client.Orders.GetAsync(account, new Uri("https://ca.example/o")));

        Assert.Equal((OrderStatus.Unknown, "deactivated"), (order!.Status, order.StatusText));
    }

    [Fact]
    public async Task A_name_may_be_authorized_without_an_order_where_the_server_offers_that()
    {
        Orders.Authorization? authorization = null;

        await CallAsync(Authorization, async (client, account) => authorization = await client.Orders.PreAuthorizeAsync(account, Identifier.Dns("a.example")));

        Assert.Equal("https://ca.example/made/1", authorization!.Url.OriginalString);
        await using var session = await FakeSession.StartAsync();
        var failure = (await Assert.ThrowsAsync<AcmeException>(() => session.Client.Orders.PreAuthorizeAsync(session.Account, Identifier.Dns("a.example")))).Failure;
        Assert.Contains("does not offer authorizations without an order", failure.Message);
        Assert.DoesNotContain(session.Server.Requests, request => request.Endpoint == AcmeEndpoint.Authorization);
    }

    [Theory]
    [InlineData("next", 1)]
    [InlineData("up", AcmeLimits.Certificates)]
    public async Task Certificates_that_come_one_by_one_are_followed_up_and_not_for_ever(string relation, int count)
    {
        DownloadedChain? download = null;
        using var server = new StubServer(Certificate, "application/pkix-cert") { Headers = new Dictionary<string, string> { ["Link"] = $"<https://ca.example/cert/2>;rel=\"{relation}\"" } };

        await RunAsync(server, async (client, account) => download = await client.Certificates.DownloadAsync(account, new Uri("https://ca.example/cert/1")));

        Assert.Equal(Enumerable.Repeat(Certificate, count), download!.Chain.Certificates.Select(der => der.ToArray()));
    }

    private static string Pick(byte which) => (which % 5) switch { 0 => Order, 1 => Authorization, 2 => Account, 3 => Directory, _ => Renewal };

    /// <summary>The same with one of its members, at any depth, replaced.</summary>
    private static string Spoil(string json, int part, byte kind)
    {
        var root = JsonNode.Parse(json)!;
        var places = Places(root).ToArray();
        var (parent, name) = places[part % places.Length];
        parent[name] = (kind % 8) switch
        {
            0 => null,
            1 => JsonValue.Create(7),
            2 => JsonValue.Create(true),
            3 => JsonValue.Create(""),
            4 => new JsonArray(null, 1, "x", new JsonObject()),
            5 => new JsonObject { ["x"] = new JsonArray() },
            6 => JsonValue.Create(new string('x', 5000)),
            _ => JsonValue.Create("http://127.0.0.1/\u0000"),
        };
        return root.ToJsonString();
    }

    private static IEnumerable<(JsonObject Parent, string Name)> Places(JsonNode? node) => node switch
    {
        JsonObject item => item.SelectMany(pair => Places(pair.Value).Prepend((item, pair.Key))),
        JsonArray list => list.SelectMany(Places),
        _ => [],
    };

    private void TryAll(byte[] body, int status, Dictionary<string, string>? headers = null)
    {
        var code = (HttpStatusCode)(200 + status % 400);
        foreach (var call in Calls)
        {
            using var server = new StubServer(body) { Status = code, IsDirectory = status % 7 == 0, Headers = headers ?? new Dictionary<string, string> { ["Location"] = "https://ca.example/made/1" } };
            var failure = Record.Exception(() => Task.Run(() => RunAsync(server, call)).Wait(TimeSpan.FromSeconds(60)));
            if (failure is null) continue;
            var inner = Assert.IsType<AcmeException>(failure is AggregateException all ? all.InnerException : failure);
            Assert.True(inner.Message.Length <= MaxMessage && !inner.Message.Any(char.IsControl), inner.Message);
        }
    }

    private static readonly Func<AcmeClient, AcmeAccount, Task>[] Calls =
    [
        (client, _) => client.GetDirectoryAsync(),
        (client, account) => client.Accounts.RegisterAsync(account.Key, new Registration { AgreesToTerms = true }),
        (client, account) => client.Accounts.GetAsync(account),
        (client, account) => client.Orders.CreateAsync(account, new OrderRequest([Identifier.Dns("a.example")])),
        (client, account) => client.Orders.GetAsync(account, new Uri("https://ca.example/o")),
        (client, account) => client.Orders.GetAuthorizationAsync(account, new Uri("https://ca.example/a")),
        (client, account) => client.Orders.AnswerAsync(account, new Uri("https://ca.example/c")),
        (client, account) => client.Certificates.DownloadAsync(account, new Uri("https://ca.example/cert")),
        (client, _) => CertificateId.TryCreate(Certificate, out var id) ? client.Certificates.GetRenewalInfoAsync(id) : Task.CompletedTask,
    ];

    private static readonly byte[] Certificate = MakeCertificate();

    private static byte[] MakeCertificate()
    {
        using var key = Some.Key();
        using var certificate = Some.Certificate(key, "a.example");
        return certificate.RawData;
    }

    private Task CallAsync(string body, Func<AcmeClient, AcmeAccount, Task> call) => RunAsync(new StubServer(Encoding.UTF8.GetBytes(body)), call);

    private async Task RunAsync(StubServer server, Func<AcmeClient, AcmeAccount, Task> call)
    {
        using var client = new AcmeClient(StubServer.Directory, new AcmeClientOptions { Handler = server, MaxInlineWait = TimeSpan.Zero });
        await call(client, new AcmeAccount(new Uri("https://ca.example/account/1"), _key));
    }
}
