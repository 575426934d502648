using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.InMemory.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace CertOperator.Testing.Api;

/// <summary>
/// An <see cref="InMemoryCluster"/> at real URLs on the loopback interface, for clients that speak HTTP, kubectl included.
/// It only translates: every rule is the cluster's. Bodies are JSON; aggregated discovery, tables, OpenAPI documents
/// (kubectl wants <c>--validate=false</c>), dry runs and deletion of whole collections are not there.
/// </summary>
public sealed class FakeApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ResourceHandler _resources;
    private readonly InMemoryCluster _cluster;

    private FakeApiServer(InMemoryCluster cluster, string? token, X509Certificate2? certificate)
    {
        _cluster = cluster;
        _resources = new ResourceHandler(cluster, WatchFaults);
        RequiredToken = token;
        Certificate = certificate;

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
            {
                // Without TLS there is no negotiation, and HTTP/1.1 is what every client speaks.
                endpoint.Protocols = certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
                if (certificate is not null) endpoint.UseHttps(certificate);
            });
        });
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    /// <summary>Where it listens, e.g. <c>http://127.0.0.1:40001</c>.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>The self-signed certificate to trust; null without TLS.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>The bearer token that requests must carry; null: anybody may do anything.</summary>
    public string? RequiredToken { get; set; }

    /// <summary>What goes wrong with open watches.</summary>
    public WatchFaults WatchFaults { get; } = new();

    /// <summary>Starts on a free port.</summary>
    public static async Task<FakeApiServer> StartAsync(InMemoryCluster cluster, string? token = null, bool https = false)
    {
        var server = new FakeApiServer(cluster, token, https ? LoopbackCertificate.Create() : null);
        await server._app.StartAsync();
        server.Address = new Uri(server._app.Urls.Single());
        return server;
    }

    /// <summary>Ends the server with all its connections; the cluster stays.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var atOnce = new CancellationTokenSource())
        {
            await atOnce.CancelAsync();
            await _app.StopAsync(atOnce.Token);
        }

        await _app.DisposeAsync();
        Certificate?.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        try
        {
            Authenticate(context.Request);
            var path = context.Request.Path.Value ?? "/";
            if (new Discovery(_cluster.Store.Served).Find(path) is { } document) await context.Response.WriteJsonAsync(200, document);
            else if (ApiPath.Parse(path) is { } resource) await _resources.HandleAsync(context, resource);
            else if (path is "/healthz" or "/livez" or "/readyz") await TextAsync(context.Response, 200, "ok");
            else await TextAsync(context.Response, 404, "404 page not found\n");
        }
        catch (ApiStatusException refusal)
        {
            if (refusal.RetryAfter is { } wait) context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await context.Response.WriteJsonAsync(refusal.Code, refusal.ToStatus());
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone: there is nobody left to answer.
        }
    }

    private void Authenticate(HttpRequest request)
    {
        if (RequiredToken is { } token && request.Headers.Authorization != $"Bearer {token}") throw new ApiStatusException(401, "Unauthorized", "Unauthorized");
    }

    private static Task TextAsync(HttpResponse response, int status, string text)
    {
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync(text);
    }
}
