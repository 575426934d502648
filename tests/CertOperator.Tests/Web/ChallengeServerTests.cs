using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Challenges;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Web;

public class ChallengeServerTests
{
    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    [Theory]
    [InlineData("www.example.com")]
    [InlineData("WWW.Example.Com:80")]
    public async Task An_open_challenge_is_answered_with_exactly_the_key_authorization(string host)
    {
        await using ChallengeWorld world = await WorldAsync();
        using HttpResponseMessage answer = await AskAsync(world, host, ChallengeWorld.Token(1));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"{ChallengeWorld.Token(1)}.{ChallengeWorld.Thumbprint}", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("other.example.com", 1)] // another's name
    [InlineData("www.example.com", 2)] // no such token
    [InlineData("tls.example.com", 3)] // open, but for another type of challenge
    [InlineData("192.0.2.1", 1)]
    public async Task Anything_else_is_not_found_in_one_plain_line(string host, int token)
    {
        await using ChallengeWorld world = await WorldAsync();
        using HttpResponseMessage answer = await AskAsync(world, host, ChallengeWorld.Token(token));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("No challenge is open under this host and path.\n", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_challenge_that_is_over_is_answered_no_more()
    {
        await using ChallengeWorld world = await WorldAsync();
        world.Close("web");
        using HttpResponseMessage answer = await AskAsync(world, "www.example.com", ChallengeWorld.Token(1));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task An_address_is_answered_under_itself()
    {
        await using ChallengeWorld world = await WorldAsync();
        world.Open("address", "2001:db8:0:0::1", ChallengeWorld.Token(4));
        using HttpResponseMessage answer = await AskAsync(world, "[2001:DB8::1]", ChallengeWorld.Token(4));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_handshake_shows_the_proof_under_its_protocol_and_then_ends()
    {
        await using ChallengeWorld world = await WorldAsync();
        await using WebApplication server = await StartAsync(world, null, AnyPort);
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, PortOf(server));
        await using var stream = new SslStream(connection.GetStream());
        X509Certificate2? shown = null;
        await stream.AuthenticateAsClientAsync(Client("tls.example.com", "acme-tls/1", certificate => (shown = certificate) is not null));

        Assert.Equal(new SslApplicationProtocol("acme-tls/1"), stream.NegotiatedApplicationProtocol);
        Assert.Equal(["tls.example.com"], shown!.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames());
        Assert.True(shown.Extensions.Single(extension => extension.Oid!.Value == "1.3.6.1.5.5.7.1.31").Critical);
        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
    }

    [Theory]
    [InlineData("tls.example.com", "h2")]
    [InlineData("www.example.com", "acme-tls/1")] // open, but for http-01
    [InlineData("unknown.example.com", "acme-tls/1")]
    public async Task A_handshake_for_anything_else_fails(string name, string protocol)
    {
        await using ChallengeWorld world = await WorldAsync();
        await using WebApplication server = await StartAsync(world, null, AnyPort);
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, PortOf(server));
        await using var stream = new SslStream(connection.GetStream());

        Exception? failure = await Record.ExceptionAsync(() => stream.AuthenticateAsClientAsync(Client(name, protocol, _ => true)));
        Assert.True(failure is AuthenticationException or IOException, $"The handshake ended with {failure}.");
    }

    private static async Task<ChallengeWorld> WorldAsync()
    {
        var world = new ChallengeWorld();
        world.AddIssuer("{http01: {}, selector: {dnsNames: [www.example.com, '2001:db8::1']} }, {tlsAlpn01: {} }");
        world.Open("web", "www.example.com", ChallengeWorld.Token(1));
        world.Open("tls", "tls.example.com", ChallengeWorld.Token(3), type: "tls-alpn-01");
        await world.SyncAsync();
        return world;
    }

    private static async Task<HttpResponseMessage> AskAsync(ChallengeWorld world, string host, string token)
    {
        await world.SyncAsync();
        await using WebApplication server = await StartAsync(world, AnyPort, null);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{PortOf(server)}/.well-known/acme-challenge/{token}"));
        request.Headers.Host = host;
        return await client.SendAsync(request);
    }

    private static async Task<WebApplication> StartAsync(ChallengeWorld world, IPEndPoint? http, IPEndPoint? tls)
    {
        WebApplication server = ChallengeServer.Create(world.Challenges, http, tls, TimeProvider.System, NullLoggerFactory.Instance);
        await server.StartAsync();
        return server;
    }

    private static int PortOf(WebApplication server)
        => new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    private static SslClientAuthenticationOptions Client(string name, string protocol, Func<X509Certificate2, bool> shown) => new()
    {
        TargetHost = name,
        ApplicationProtocols = [new SslApplicationProtocol(protocol)],
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is X509Certificate2 leaf && shown(leaf),
    };
}
