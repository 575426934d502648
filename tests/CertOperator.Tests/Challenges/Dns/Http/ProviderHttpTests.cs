using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Challenges.Dns.Emulators;
using CertOperator.Challenges.Dns.Wire;
using Microsoft.AspNetCore.Http;

namespace CertOperator.Challenges.Dns.Http;

public sealed class ProviderHttpTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private OddServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await Emulator.StartAsync<OddServer>();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_endpoint_of_a_user_must_not_be_the_operator_itself()
    {
        using var http = new ProviderHttp(new EndpointGuard(allowLoopback: false), _time);

        var refused = await Assert.ThrowsAsync<DnsException>(() => http.SendAsync(Request("ok", isUsers: true), Cancel));

        Assert.Contains("127.0.0.1, which an issuer must not lead to", refused.Message, StringComparison.Ordinal);
        Assert.True((await http.SendAsync(Request("ok"), Cancel)).IsSuccess);
    }

    [Fact]
    public async Task A_redirect_is_an_answer_and_not_followed()
    {
        using var http = new ProviderHttp(new EndpointGuard(allowLoopback: true), _time);

        Assert.Equal(302, (await http.SendAsync(Request("redirect"), Cancel)).Status);
    }

    [Fact]
    public async Task An_answer_without_end_is_given_up()
    {
        using var http = new ProviderHttp(new EndpointGuard(allowLoopback: true), _time);

        var refused = await Assert.ThrowsAsync<DnsException>(() => http.SendAsync(Request("endless"), Cancel));

        Assert.EndsWith("did not answer: the answer is too large.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_silent_is_given_up_after_30_seconds()
    {
        using var http = new ProviderHttp(new EndpointGuard(allowLoopback: true), _time);

        Task<ProviderReply> call = http.SendAsync(Request("silent"), Cancel);
        await _server.Asked;
        _time.Advance(TimeSpan.FromSeconds(31));

        var refused = await Assert.ThrowsAsync<DnsException>(() => call);
        Assert.EndsWith("did not answer: no answer within 30 s.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_server_repeats_of_the_credentials_is_not_shown_and_its_patience_is()
    {
        using var http = new ProviderHttp(new EndpointGuard(allowLoopback: true), _time);

        ProviderReply reply = await http.SendAsync(Request("echo"), Cancel);

        var refused = Assert.Throws<DnsException>(() => reply.Ensure("Mend it."));
        Assert.Equal("Odd did not answer: too many calls with [redacted] (429).", refused.Message);
        Assert.Equal(TimeSpan.FromSeconds(7), refused.RetryAfter);
    }

    [Theory]
    [InlineData("https://dns.example.com", "https://dns.example.com/api")]
    [InlineData("dns.example.com/base/", "https://dns.example.com/base/api")]
    [InlineData("http://[2001:db8::1]:8081", "http://[2001:db8::1]:8081/api")]
    public void An_endpoint_keeps_its_path(string server, string url) => Assert.Equal(url, UserEndpoint.Append(server, "host", "api").AbsoluteUri);

    [Theory]
    [InlineData("https://dns.example.com/shutdown?x=")]
    [InlineData("https://dns.example.com/shutdown#")]
    [InlineData("https://user:password@dns.example.com")]
    [InlineData("file:///etc")]
    [InlineData("")]
    public void An_endpoint_that_could_call_something_else_is_refused(string server)
        => Assert.Equal(
            "dns01.host is no URL of a server: write it as https://dns.example.com.",
            Assert.Throws<DnsException>(() => UserEndpoint.Append(server, "host", "api")).Message);

    private ProviderRequest Request(string path, bool isUsers = false)
    {
        var request = new ProviderRequest(HttpMethod.Get, new Uri(_server.Address, path)) { Provider = "Odd", Purpose = "answer", Secrets = ["hunter2"], IsUsersEndpoint = isUsers };
        request.Headers["Authorization"] = "hunter2";
        return request;
    }

    private sealed class OddServer : Emulator
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        protected override async Task AnswerAsync(HttpContext context, string path)
        {
            switch (path)
            {
                case "/redirect":
                    context.Response.Redirect("/ok");
                    break;
                case "/echo":
                    context.Response.Headers.RetryAfter = "7";
                    await JsonAsync(context.Response, 429, new JsonObject { ["message"] = $"too many calls\nwith {context.Request.Headers.Authorization}." });
                    break;
                case "/silent":
                    _asked.SetResult();
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                    break;
                case "/endless":
                    while (!context.RequestAborted.IsCancellationRequested)
                        await context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(new string('x', 65536)), context.RequestAborted);
                    break;
            }
        }
    }
}
