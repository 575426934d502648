using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Acme.Tests.Servers;

/// <summary>Each fault does what it says, once, and the server is itself again afterwards.</summary>
public sealed class FakeAcmeFaultTests : IAsyncLifetime
{
    private const string Name = "fault.example";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private FakeAcmeServer _server = null!;
    private JwsClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeAcmeServer.StartAsync(new FakeAcmeOptions { UrlSuffix = "?edition=a%2Fb" });
        _client = await JwsClient.OpenAsync(_server.DirectoryUrl, _server.Trust);
        await _client.RegisterAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _key.Dispose();
    }

    [Fact]
    public async Task Rate_limits_are_429_with_either_form_of_Retry_After_or_none()
    {
        _server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.RateLimited("120"));
        _server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.RateLimited("Fri, 31 Dec 2027 23:59:59 GMT"));
        _server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Paused("https://ca.example/unpause?token=1"));
        var seconds = await _client.OrderAsync(Name);
        Assert.Equal((429, "rateLimited", TimeSpan.FromSeconds(120)), (seconds.Status, seconds.Problem, seconds.Headers.RetryAfter!.Delta));
        Assert.Equal(2027, (await _client.OrderAsync(Name)).Headers.RetryAfter!.Date!.Value.Year);
        var paused = await _client.OrderAsync(Name);
        Assert.Null(paused.Headers.RetryAfter);
        Assert.Contains("https://ca.example/unpause", (string?)paused.Body["detail"], StringComparison.Ordinal);
        Assert.Equal(201, (await _client.OrderAsync(Name)).Status);
    }

    [Fact]
    public async Task Lost_replies_differ_in_whether_the_server_has_acted()
    {
        _server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.LostBefore());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _client.OrderAsync(Name));
        Assert.Empty(await OrdersAsync());
        _server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.LostAfter());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _client.OrderAsync(Name));
        Assert.Single(await OrdersAsync());
        _server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.CutAfter());
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _client.OrderAsync(Name));
        Assert.Equal(2, (await OrdersAsync()).Count);
    }

    [Fact]
    public async Task Replies_that_are_no_JSON_come_with_their_status_and_without_a_nonce()
    {
        _server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Unavailable("30"));
        _server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.BadNonceAsHtml());
        _server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Empty(404));
        var replies = new[] { await _client.OrderAsync(Name), await _client.OrderAsync(Name), await _client.OrderAsync(Name) };
        Assert.Equal([503, 500, 404], replies.Select(r => r.Status));
        Assert.Equal(["text/html", "text/html", null], replies.Select(r => r.MediaType));
        Assert.All(replies, reply => Assert.False(reply.Headers.Contains("Replay-Nonce")));
    }

    [Fact]
    public async Task Refused_nonces_are_counted()
    {
        _server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.BadNonce(), times: 3);
        Assert.Equal(201, (await _client.OrderAsync(Name)).Status);
        Assert.Equal(4, _server.Requests.Count(r => r.Endpoint == AcmeEndpoint.NewOrder));
        _server.ForgetNonces();
        Assert.Equal(201, (await _client.OrderAsync(Name)).Status);
        Assert.Equal(6, _server.Requests.Count(r => r.Endpoint == AcmeEndpoint.NewOrder));
    }

    [Fact]
    public async Task Requests_are_recorded_with_account_headers_and_status()
    {
        await _client.OrderAsync(Name);
        var recorded = _server.Requests[^1];
        Assert.Equal(("POST", 201, _client.Account!.OriginalString), (recorded.Method, recorded.Status, recorded.Account));
        Assert.Equal(_client.Resource("newOrder").OriginalString, recorded.Url.OriginalString);
        Assert.Equal("jws-client/1.0", recorded.Headers["user-agent"]);
    }

    [Fact]
    public async Task A_request_without_a_User_Agent_is_refused()
    {
        _client.Http.DefaultRequestHeaders.UserAgent.Clear();
        using var reply = await _client.Http.GetAsync(_server.DirectoryUrl);
        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
    }

    [Fact]
    public async Task Replies_can_be_edited()
    {
        _server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Edit(order => order["status"] = "contemplating"));
        _server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.WithoutHeader("Location"));
        var strange = await _client.OrderAsync(Name);
        Assert.Equal("contemplating", (string?)strange.Body["status"]);
        Assert.False(strange.Headers.Contains("Location"));
        _server.Faults.Add(AcmeEndpoint.Account, AcmeFault.Edit(account => account.Clear()));
        Assert.Equal("{}", (await _client.PostAsync(_client.Account!)).Text);
        _server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Redirect(new Uri("https://elsewhere.example/")));
        Assert.Equal(307, (await _client.OrderAsync(Name)).Status);
        _server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Rejected("bad.example"));
        var rejected = await _client.OrderAsync(Name);
        Assert.Equal("bad.example", (string?)rejected.Body["subproblems"]![0]!["identifier"]!["value"]);
    }

    [Fact]
    public async Task A_body_without_an_end_goes_on_until_the_client_has_enough()
    {
        _server.Faults.Add(AcmeEndpoint.Directory, AcmeFault.EndlessBody());
        using var reply = await _client.Http.GetAsync(_server.DirectoryUrl, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await reply.Content.ReadAsStreamAsync();
        var buffer = new byte[8 << 20];
        Assert.Equal(buffer.Length, await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false));
    }

    [Fact]
    public async Task Without_a_reply_a_client_waits_until_it_gives_up()
    {
        _server.Faults.Add(AcmeEndpoint.NewNonce, AcmeFault.NoReply());
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _client.Http.GetAsync(_client.Resource("newNonce"), patience.Token));
        Assert.NotEmpty(await _client.NonceAsync());
    }

    [Fact]
    public async Task Orders_take_the_looks_that_they_are_told_to_take()
    {
        _server.Behaviour.LooksUntilValidated = 1;
        _server.Behaviour.LooksUntilReady = 2;
        _server.Behaviour.LooksUntilValid = 3;
        _server.Behaviour.LooksUntilCertificate = 1;
        _server.Behaviour.RetryAfter = "7";
        var order = await _client.OrderAsync(Name);
        await AnswerAsync(order);
        var authorization = new Uri((string)order.Body["authorizations"]![0]!);
        Assert.Equal(["pending", "valid"], await LookAsync(authorization, 2));
        Assert.Equal(["pending", "pending", "ready"], await LookAsync(order.Location, 3));
        var finalized = await _client.PostAsync(new Uri((string)order.Body["finalize"]!), new() { ["csr"] = Issuance.Request(_key, Name) });
        Assert.Equal(("processing", "7"), ((string?)finalized.Body["status"], finalized.Headers.GetValues("Retry-After").Single()));
        Assert.Equal(["processing", "processing", "processing", "valid"], await LookAsync(order.Location, 4));
        Assert.NotNull((await _client.PostAsync(order.Location)).Body["certificate"]);
    }

    [Fact]
    public async Task The_certificate_URL_of_a_valid_order_can_be_late()
    {
        _server.Behaviour.LooksUntilCertificate = 2;
        var order = await ReadyAsync();
        await _client.PostAsync(new Uri((string)order.Body["finalize"]!), new() { ["csr"] = Issuance.Request(_key, Name) });
        var looks = new[] { await _client.PostAsync(order.Location), await _client.PostAsync(order.Location), await _client.PostAsync(order.Location) };
        Assert.Equal([false, false, true], looks.Select(l => l.Body.ContainsKey("certificate")));
        Assert.All(looks, look => Assert.Equal("valid", (string?)look.Body["status"]));
    }

    [Fact]
    public async Task Issuance_can_fail_after_finalizing()
    {
        _server.Behaviour.IssuanceFailure = new ValidationFailure("caa", "a CAA record forbids it", 403);
        var order = await ReadyAsync();
        await _client.PostAsync(new Uri((string)order.Body["finalize"]!), new() { ["csr"] = Issuance.Request(_key, Name) });
        var failed = await _client.PostAsync(order.Location);
        Assert.Equal("invalid", (string?)failed.Body["status"]);
        Assert.EndsWith(":caa", (string?)failed.Body["error"]!["type"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificates_can_be_for_another_key_and_for_too_few_names()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _server.Behaviour.Issue = leaf => (leaf.Key, leaf.Names) = (new PublicKey(other), [new OrderedName("dns", "other.example")]);
        var leaf = (await _client.FinalizeAsync((await ReadyAsync()).Location, _key, Name))[0];
        Assert.Equal(other.ExportSubjectPublicKeyInfo(), leaf.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.False(leaf.MatchesHostname(Name));
    }

    [Fact]
    public async Task Chains_can_be_in_any_order_and_carry_the_root()
    {
        _server.Faults.Add(AcmeEndpoint.Certificate, AcmeFault.Chain(chain => chain.Append(_server.Roots[0]).Reverse()));
        var chain = await _client.FinalizeAsync((await ReadyAsync()).Location, _key, Name);
        Assert.Equal([_server.Roots[0].Subject, chain[2].Issuer, ""], chain.Select(c => c.Subject));
    }

    [Fact]
    public async Task A_challenge_may_be_tried_again_when_its_failure_says_so()
    {
        var failure = new ValidationFailure("connection", "no answer") { MayBeTriedAgain = true };
        _server.Behaviour.Validate = _ => Task.FromResult<ValidationFailure?>(failure);
        _server.Behaviour.ValidatesAtOnce = true;
        var order = await _client.OrderAsync(Name);
        var pending = await AnswerAsync(order);
        Assert.Equal("pending", (string?)pending.Body["status"]);
        Assert.EndsWith(":connection", (string?)pending.Body["error"]!["type"], StringComparison.Ordinal);
        _server.Behaviour.Validate = null;
        Assert.Equal("valid", (string?)(await AnswerAsync(order)).Body["status"]);
    }

    [Fact]
    public async Task After_a_wipe_no_account_exists()
    {
        _server.Wipe();
        Assert.Equal("accountDoesNotExist", (await _client.OrderAsync(Name)).Problem);
        _client.Account = null;
        Assert.Equal(201, (await _client.RegisterAsync()).Status);
    }

    [Fact]
    public async Task A_key_of_another_account_is_a_conflict_that_names_the_account()
    {
        using var other = await JwsClient.OpenAsync(_server.DirectoryUrl, _server.Trust);
        await other.RegisterAsync();
        var conflict = await _client.PostAsync(_client.Resource("keyChange"), _client.KeyChange(other.Key));
        Assert.Equal((409, other.Account), (conflict.Status, conflict.Location));
    }

    [Fact]
    public async Task Renewal_information_can_be_anything_and_is_in_the_past_once_revoked()
    {
        var leaf = (await _client.FinalizeAsync((await ReadyAsync()).Location, _key, Name))[0];
        var url = new Uri($"{_client.Resource("renewalInfo")}/{CertificateIds.Of(leaf)}");
        await _client.PostAsync(_client.Resource("revokeCert"), new() { ["certificate"] = Base64Url.EncodeToString(leaf.RawData) });
        Assert.Equal(0, _server.RevocationReason(leaf));
        var past = JsonNode.Parse(await _client.Http.GetStringAsync(url))!["suggestedWindow"]!;
        Assert.True(DateTimeOffset.Parse((string)past["end"]!) < TimeProvider.System.GetUtcNow());
        _server.SetRenewalInfo(leaf, new JsonObject { ["suggestedWindow"] = "soon" });
        Assert.Equal("""{"suggestedWindow":"soon"}""", await _client.Http.GetStringAsync(url));
    }

    [Theory]
    [InlineData("a..example")]
    [InlineData("trailing.example.")]
    [InlineData("-hyphen.example")]
    [InlineData("single")]
    public async Task Names_that_are_not_clean_are_refused(string name) =>
        Assert.Equal("malformed", (await _client.OrderAsync(name)).Problem);

    private async Task<IReadOnlyList<string>> OrdersAsync()
    {
        var account = (await _client.PostAsync(_client.Account!)).Body;
        var orders = (await _client.PostAsync(new Uri((string)account["orders"]!))).Body;
        return [.. orders["orders"]!.AsArray().Select(url => (string)url!)];
    }

    private async Task<JwsReply> ReadyAsync()
    {
        var order = await _client.OrderAsync(Name);
        await AnswerAsync(order);
        await _client.PollAsync(order.Location, "ready");
        return order;
    }

    private async Task<JwsReply> AnswerAsync(JwsReply order)
    {
        var authorization = (await _client.PostAsync(new Uri((string)order.Body["authorizations"]![0]!))).Body;
        return await _client.PostAsync(new Uri((string)authorization["challenges"]![0]!["url"]!), []);
    }

    private async Task<IReadOnlyList<string?>> LookAsync(Uri url, int times)
    {
        var states = new List<string?>();
        for (var i = 0; i < times; i++)
        {
            states.Add((string?)(await _client.PostAsync(url)).Body["status"]);
        }

        return states;
    }
}
