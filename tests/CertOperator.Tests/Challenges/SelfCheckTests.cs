using System.Net;
using System.Net.Sockets;
using CertOperator.Challenges.SelfChecks;
using CertOperator.Testing.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CertOperator.Challenges;

/// <summary>Against listeners on addresses of the loopback network, which all have one port.</summary>
public sealed class SelfCheckTests : IAsyncLifetime
{
    private const string Body = "the-token.the-thumbprint";
    private const string Secret = "what the page says is nobody's business";

    private const string Right = "127.0.0.10", NotFound = "127.0.0.11", Unavailable = "127.0.0.12", Redirecting = "127.0.0.13", Other = "127.0.0.14", Endless = "127.0.0.15", Nobody = "127.0.0.20";

    private readonly WebApplication _server;
    private readonly int _port = FreePorts.Take(1)[0];

    public SelfCheckTests()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (string address in (string[])[Right, NotFound, Unavailable, Redirecting, Other, Endless])
                kestrel.Listen(IPAddress.Parse(address), _port);
        });
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public async ValueTask InitializeAsync() => await _server.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(Right, "", null)]
    [InlineData(Redirecting, "", null)]
    [InlineData(Right, Right, null)]
    [InlineData(NotFound, NotFound, "www.example.com at 127.0.0.11 answers 404: no rule for this host and path is in force there yet. If that stays so, the ingress controller does not serve the Ingress.")]
    [InlineData(Unavailable, Unavailable, "www.example.com at 127.0.0.12 answers 503: the ingress controller does not reach the Service cert-operator/cert-operator. Look at its endpoints and at network policies.")]
    [InlineData(Nobody, "", "www.example.com at 127.0.0.20 refuses connections on port 80: open it, and see that the ingress controller listens there.")]
    [InlineData(Other, "", "www.example.com at 127.0.0.14 answers with something else than the operator's answer: another server or rule takes the path /.well-known/acme-challenge/ there.")]
    [InlineData(Endless, "", "www.example.com at 127.0.0.15 answers with something else than the operator's answer: another server or rule takes the path /.well-known/acme-challenge/ there.")]
    [InlineData(Other, Right, "www.example.com resolves to 127.0.0.14, but the Ingress has the address 127.0.0.10, and that address answers with something else: correct the DNS record, or have port 80 of the former forwarded to the latter.")]
    [InlineData(Nobody, Right, null)] // behind NAT the public address cannot be reached from within
    [InlineData("", Right, "www.example.com does not resolve: create its A or AAAA record with the address of the Ingress, 127.0.0.10, or correct the name.")]
    public async Task What_is_found_becomes_one_sentence(string name, string ingress, string? sentence)
    {
        string? found = await CheckAsync(name, ingress);

        Assert.Equal(sentence, found);
        Assert.DoesNotContain(Secret, found ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_private_address_that_a_tenant_chose_is_neither_asked_nor_told()
    {
        Assert.Null(await CheckAsync(NotFound, "", allowPrivate: false));
        Assert.Null(await CheckAsync(NotFound, Right, allowPrivate: false));
    }

    [Fact]
    public async Task An_ingress_is_asked_at_its_private_address_and_by_its_host_name()
    {
        Assert.Contains("answers 404", await CheckAsync("", NotFound, allowPrivate: false, isKnown: false), StringComparison.Ordinal);
        Assert.Contains("answers 503", await CheckAsync("", "balancer.example.net", allowPrivate: false, isKnown: false), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_never_answers_holds_nothing_up()
    {
        using var listener = new TcpListener(IPAddress.Parse("127.0.0.30"), _port);
        listener.Start();
        string? found = await CheckAsync("127.0.0.30", "", deadline: TimeSpan.FromMilliseconds(200));

        Assert.Contains("does not answer on port 80", found, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ipv6_record_that_leads_elsewhere_is_told_as_such()
    {
        var named = new[] { new ProbeResult(IPAddress.Parse("192.0.2.1"), ProbeOutcome.Right, 200), new ProbeResult(IPAddress.Parse("2001:db8::1"), ProbeOutcome.WrongStatus, 404) };

        Assert.Equal(
            "www.example.com has the IPv6 address 2001:db8::1, which answers 404, while its IPv4 address answers rightly: the CA prefers IPv6, so correct the AAAA record or remove it.",
            SelfCheckVerdict.Of(Question(""), new SelfCheckFindings(true, named, [])));
    }

    [Fact]
    public void An_ipv6_address_to_which_no_way_leads_from_here_says_nothing_about_the_record()
    {
        var named = new[] { new ProbeResult(IPAddress.Parse("192.0.2.1"), ProbeOutcome.Right, 200), new ProbeResult(IPAddress.Parse("2001:db8::1"), ProbeOutcome.NoRoute) };

        Assert.Null(SelfCheckVerdict.Of(Question(""), new SelfCheckFindings(true, named, [])));
    }

    private Task<string?> CheckAsync(string name, string ingress, bool allowPrivate = true, bool isKnown = true, TimeSpan? deadline = null)
    {
        var options = new SelfCheckOptions
        {
            Port = _port,
            AllowPrivateAddresses = allowPrivate,
            Deadline = deadline ?? TimeSpan.FromMinutes(1),
            Resolve = (host, _) => host == "balancer.example.net." ? Task.FromResult(new[] { IPAddress.Parse(Unavailable) })
                : name.Length > 0
                ? Task.FromResult(new[] { IPAddress.Parse(name) })
                : throw new SocketException((int)(isKnown ? SocketError.HostNotFound : SocketError.TryAgain)),
        };
        return new SelfCheck(options, TimeProvider.System).RunAsync(Question(ingress), CancellationToken.None);
    }

    private static SelfCheckQuestion Question(string ingress)
        => new("www.example.com", "/.well-known/acme-challenge/the-token", Body, ingress.Length > 0 ? [ingress] : [], "the Ingress", "cert-operator/cert-operator");

    private static async Task AnswerAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        string address = context.Connection.LocalIpAddress!.ToString();
        (response.StatusCode, response.Headers.Location) = address switch
        {
            NotFound => (404, default(string)),
            Unavailable => (503, null),
            Redirecting => (308, "https://www.example.com/"),
            _ => (200, null),
        };
        if (address == Endless)
        {
            while (!context.RequestAborted.IsCancellationRequested)
                await response.WriteAsync(new string('x', 10_000), context.RequestAborted);
        }

        bool isAsked = context.Request.Host.Host == "www.example.com" && context.Request.Path == "/.well-known/acme-challenge/the-token";
        await response.WriteAsync(address == Right && isAsked ? Body + "\n" : Secret);
    }
}
