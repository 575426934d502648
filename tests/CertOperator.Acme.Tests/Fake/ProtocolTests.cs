using System.Text.Json.Nodes;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Issuance;
using CertOperator.Acme.Orders;
using CertOperator.Acme.Protocol;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Acme.Tests.Fake;

/// <summary>What goes over the wire, and what a call does by itself when that goes wrong.</summary>
public sealed class ProtocolTests
{
    [Fact]
    public async Task Every_request_says_who_asks_and_in_which_language()
    {
        await using var session = await FakeSession.StartAsync(client: new AcmeClientOptions { UserAgent = "tests/1.0" });

        await session.RunAsync(session.Job());

        Assert.All(session.Server.Requests, request =>
        {
            Assert.StartsWith("tests/1.0 cert-operator-acme/", request.Headers["User-Agent"]);
            Assert.Equal("en", request.Headers["Accept-Language"]);
        });
        Assert.All(session.Server.Requests.Where(request => request.Method == "POST"), request =>
        {
            Assert.Equal("application/jose+json", request.Headers["Content-Type"]);
            Assert.True(request.Headers.ContainsKey("Content-Length"));
        });
    }

    [Fact]
    public async Task URLs_are_used_as_the_server_wrote_them()
    {
        await using var session = await FakeSession.StartAsync(new FakeAcmeOptions { UrlSuffix = "?action=renew&orderId=%7e%41+b" });

        var steps = await session.RunAsync(session.Job());

        Assert.IsType<OrderStep.Issued>(steps[^1]);
    }

    [Fact]
    public async Task A_refused_nonce_costs_no_more_than_another_try()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.BadNonce(), 7);

        await session.Client.Orders.CreateAsync(session.Account, Request());

        Assert.Equal(8, session.Count(AcmeEndpoint.NewOrder));
        Assert.Equal(1, session.Count(AcmeEndpoint.NewNonce));
    }

    [Fact]
    public async Task A_server_that_refuses_every_nonce_is_given_up_for_a_minute()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.BadNonce(), AcmeFaults.Always);

        var failure = await FailureAsync(() => session.Client.Orders.CreateAsync(session.Account, Request()));

        Assert.Equal((FailureClass.Transient, Fault.Ca), (failure.Class, failure.Fault));
        Assert.Equal(session.Now.AddMinutes(1), failure.NotBefore);
        Assert.Equal(8, session.Count(AcmeEndpoint.NewOrder));
    }

    [Fact]
    public async Task Nonces_that_the_server_forgot_are_dropped_at_once()
    {
        await using var session = await FakeSession.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => session.Client.Orders.CreateAsync(session.Account, Request())));
        var before = session.Count(AcmeEndpoint.NewOrder);
        session.Server.ForgetNonces();

        await session.Client.Orders.CreateAsync(session.Account, Request());

        Assert.Equal(before + 2, session.Count(AcmeEndpoint.NewOrder));
    }

    [Fact]
    public async Task A_forgotten_nonce_that_is_told_as_a_page_is_got_over()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.BadNonceAsHtml());

        await session.SkipWaitsAsync(session.Client.Orders.CreateAsync(session.Account, Request()));

        Assert.Equal(2, session.Count(AcmeEndpoint.NewNonce));
    }

    [Fact]
    public async Task Of_several_nonces_the_first_is_used()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Change(reply => reply.With("Replay-Nonce", "c2Vjb25k").With("Replay-Nonce", "dGhpcmQ") with { HasNonce = false }));

        await session.Client.Orders.CreateAsync(session.Account, Request());
        await session.Client.Orders.CreateAsync(session.Account, Request());

        // The server knows neither, and says so once.
        Assert.Equal([201, 400, 201], session.Server.Requests.Where(request => request.Endpoint == AcmeEndpoint.NewOrder).Select(request => request.Status));
    }

    [Fact]
    public async Task The_algorithms_that_the_server_takes_are_told()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Problem(
            400, "badSignatureAlgorithm", "ES256 is not supported", new JsonObject { ["algorithms"] = new JsonArray("RS256", "ES384") }));

        var failure = (await Assert.ThrowsAsync<AcmeException>(() => session.Client.Orders.CreateAsync(session.Account, Request()))).Failure;

        Assert.Equal((FailureClass.Permanent, Fault.Issuer), (failure.Class, failure.Fault));
        Assert.Contains("ES256 is not supported (it takes RS256, ES384)", failure.Message);
    }

    [Theory]
    [InlineData("not base64url!")]
    [InlineData("")]
    public async Task A_nonce_that_is_none_is_not_used(string nonce)
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Change(reply => (reply with { HasNonce = false }).With("Replay-Nonce", nonce)));
        await session.Client.Orders.CreateAsync(session.Account, Request());

        await session.Client.Orders.CreateAsync(session.Account, Request());

        Assert.Equal(2, session.Count(AcmeEndpoint.NewNonce));
    }

    [Fact]
    public async Task A_server_that_is_away_for_a_moment_is_waited_for()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Unavailable("2"), 2);

        await session.SkipWaitsAsync(session.Client.Orders.CreateAsync(session.Account, Request()));

        Assert.Equal(3, session.Count(AcmeEndpoint.NewOrder));
    }

    [Fact]
    public async Task A_server_that_is_away_for_longer_is_left_until_it_wants_to_be_asked()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Unavailable("120"));

        var failure = await FailureAsync(() => session.Client.Orders.CreateAsync(session.Account, Request()));

        Assert.Equal((FailureClass.Transient, session.Now.AddSeconds(120)), (failure.Class, failure.NotBefore));
        Assert.Equal(1, session.Count(AcmeEndpoint.NewOrder));
        Assert.Contains("We are sorry", failure.Excerpt);
        Assert.DoesNotContain("We are sorry", failure.Message);
    }

    [Fact]
    public async Task Reading_is_tried_again_after_a_lost_connection_and_ordering_is_not()
    {
        await using var session = await FakeSession.StartAsync();
        var order = await session.Client.Orders.CreateAsync(session.Account, Request());
        session.Server.Faults.Add(AcmeEndpoint.Order, AcmeFault.LostBefore());
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.LostAfter());

        await session.SkipWaitsAsync(session.Client.Orders.GetAsync(session.Account, order.Url));
        var failure = await FailureAsync(() => session.Client.Orders.CreateAsync(session.Account, Request()));

        Assert.Equal(2, session.Count(AcmeEndpoint.Order));
        Assert.Equal((FailureClass.Transient, Fault.Network, null), (failure.Class, failure.Fault, failure.Status));
    }

    [Fact]
    public async Task A_body_without_an_end_is_refused()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.EndlessBody());

        Assert.Contains("KiB", (await FailureAsync(() => session.Client.Orders.CreateAsync(session.Account, Request()))).Message);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_a_network_failure()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.NoReply());
        var call = session.Client.Orders.CreateAsync(session.Account, Request());

        var failure = await FailureAsync(() => session.SkipWaitsAsync(call));

        Assert.Equal((FailureClass.Transient, Fault.Network), (failure.Class, failure.Fault));
    }

    [Fact]
    public async Task Cancellation_is_no_failure()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.NoReply());
        using var cancel = new CancellationTokenSource();
        var call = session.Client.Orders.CreateAsync(session.Account, Request(), cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Redirect(session.Server.DirectoryUrl));

        var failure = await FailureAsync(() => session.Client.Orders.CreateAsync(session.Account, Request()));

        Assert.Equal(307, failure.Status);
        Assert.Equal(1, session.Count(AcmeEndpoint.Directory));
    }

    private static OrderRequest Request() => new([Identifier.Dns(Some.Name())]);

    private static async Task<AcmeFailure> FailureAsync(Func<Task> call) => (await Assert.ThrowsAsync<AcmeException>(call)).Failure;
}
