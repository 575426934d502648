using System.Security.Cryptography.X509Certificates;
using CertOperator.Runtime.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CertOperator.Runtime.Tests.Client.Http;

/// <summary>A web server that says whatever a test makes it say, well-formed or not.</summary>
internal sealed class WireServer : IAsyncDisposable
{
    public const string UserAgent = "tests/1";

    private readonly WebApplication _app;

    private WireServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public static async Task<WireServer> StartAsync(
        RequestDelegate answer, X509Certificate2? certificate = null, HttpProtocols protocols = HttpProtocols.Http1AndHttp2)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = certificate is null ? HttpProtocols.Http1 : protocols;
            if (certificate is not null)
                listen.UseHttps(certificate, https => https.ClientCertificateMode = ClientCertificateMode.NoCertificate);
        }));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(100));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return new WireServer(app);
    }

    public KubeClient Connect(string? token = null, TimeProvider? time = null)
        => new(KubeConfig.For(Address, token), UserAgent, time ?? TimeProvider.System);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
