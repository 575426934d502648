using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Acme.Challenges;
using CertOperator.Challenges;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace CertOperator.Web;

/// <summary>
/// Answers ACME servers, on ports of its own since the whole internet may ask: HTTP-01 (RFC 8555, 8.3) and, if wanted,
/// TLS-ALPN-01 (RFC 8737). Only challenges that are open are answered, only under the name that they are for.
/// </summary>
internal static class ChallengeServer
{
    private const int MostConnections = 2000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly SslApplicationProtocol Protocol = new(TlsAlpn01.Protocol);

    /// <param name="challenges">Those that are open.</param>
    /// <param name="http">Where HTTP-01 is answered; null for nowhere.</param>
    /// <param name="tls">Where TLS-ALPN-01 is answered; null for nowhere.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where to log; of requests nothing is.</param>
    public static WebApplication Create(OpenChallenges challenges, IPEndPoint? http, IPEndPoint? tls, TimeProvider time, ILoggerFactory loggers)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.MaxRequestLineSize = 4096;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
            kestrel.Limits.RequestHeadersTimeout = Patience;
            if (http is not null)
                kestrel.Listen(http, listen => listen.Protocols = HttpProtocols.Http1);
            if (tls is not null)
                kestrel.Listen(tls, listen => Answer(listen, challenges, time));
        });

        WebApplication app = builder.Build();
        app.Run(context => AnswerAsync(context, challenges));
        return app;
    }

    private static Task AnswerAsync(HttpContext context, OpenChallenges challenges)
    {
        HttpRequest request = context.Request;
        bool isAsked = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        string? body = isAsked && Http01.TokenOf(request.Path.Value ?? "") is { } token ? challenges.KeyAuthorization(request.Host.Host, token) : null;
        context.Response.StatusCode = body is null ? StatusCodes.Status404NotFound : StatusCodes.Status200OK;
        context.Response.ContentType = body is null ? "text/plain" : Http01.ContentType;
        context.Response.Headers.CacheControl = "no-store";
        body ??= "No challenge is open under this host and path.\n";
        context.Response.ContentLength = body.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : context.Response.WriteAsync(body);
    }

    /// <summary>The handshake is the whole answer: after it the connection is closed.</summary>
    private static void Answer(ListenOptions listen, OpenChallenges challenges, TimeProvider time)
    {
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = Patience,
            OnConnection = connection => ValueTask.FromResult(Handshake(connection, challenges, time)),
        });
        ((IConnectionBuilder)listen).Run(_ => Task.CompletedTask);
    }

    /// <exception cref="AuthenticationException">Nobody waits for that name: the handshake fails.</exception>
    private static SslServerAuthenticationOptions Handshake(TlsHandshakeCallbackContext connection, OpenChallenges challenges, TimeProvider time)
    {
        if (challenges.ByServerName(connection.ClientHelloInfo.ServerName) is not { Thumbprint: { } thumbprint } open)
            throw new AuthenticationException("No challenge is open under this name.");
        X509Certificate2 certificate = TlsAlpn01.Certificate(open.Identifier, open.Token, thumbprint, time.GetUtcNow());
        connection.Connection.ConnectionClosed.Register(certificate.Dispose);
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
            ApplicationProtocols = [Protocol],
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
    }
}
