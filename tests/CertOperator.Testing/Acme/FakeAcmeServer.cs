using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Handlers;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Acme.State;
using CertOperator.Testing.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace CertOperator.Testing.Acme;

/// <summary>
/// An ACME server in this process, at a real HTTPS URL on loopback: RFC 8555 from the server's side, strict with what clients
/// send, on the test's clock, with faults on demand. It shares no code with the client library. It issues within a look at an
/// order, never in the background, so what a request finds depends on the requests before it alone.
/// Not there: pre-authorization, CRL and OCSP, rate limits of its own, EdDSA keys.
/// </summary>
public sealed class FakeAcmeServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate = LoopbackCertificate.Create();
    private readonly AcmeWorld _world;
    private readonly Dispatcher _dispatcher;
    private readonly RequestLog _log = new();

    private FakeAcmeServer(FakeAcmeOptions options)
    {
        Trust = X509CertificateLoader.LoadCertificate(_certificate.RawData);
        _world = new AcmeWorld(options, Behaviour);
        _dispatcher = new Dispatcher(_world);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1AndHttp2;
                endpoint.UseHttps(_certificate);
            });
        });
        _app = builder.Build();
        var exchange = new AcmeExchange(_world, _dispatcher, Faults, _log);
        _app.Run(exchange.HandleAsync);
    }

    /// <summary>Where clients begin (RFC 8555 section 7.1.1).</summary>
    public Uri DirectoryUrl => _world.Urls.Of(AcmeEndpoint.Directory);

    /// <summary>The certificate by which its HTTPS is trusted; not a root of what it issues.</summary>
    public X509Certificate2 Trust { get; }

    /// <summary><see cref="Trust"/> in PEM.</summary>
    public string TrustPem => Trust.ExportCertificatePem();

    /// <summary>What goes wrong.</summary>
    public AcmeFaults Faults { get; } = new();

    /// <summary>How the server goes about its work.</summary>
    public ServerBehaviour Behaviour { get; } = new();

    /// <summary>Every request so far, in the order of arrival.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _log.Snapshot();

    /// <summary>The roots of the chains that it issues: the default one first, then the alternates.</summary>
    public IReadOnlyList<X509Certificate2> Roots => _world.Authority.Roots;

    /// <summary>The leaf certificates that were issued, oldest first.</summary>
    public IReadOnlyList<X509Certificate2> Issued => _dispatcher.Between<IReadOnlyList<X509Certificate2>>(
        () => [.. _world.Certificates.Values.Select(c => X509CertificateLoader.LoadCertificate(c.Leaf.RawData))]);

    /// <summary>The leaf certificates that orders named as <c>replaces</c> (RFC 9773 section 5), in the order of those orders.</summary>
    public IReadOnlyList<X509Certificate2> Replaced => _dispatcher.Between<IReadOnlyList<X509Certificate2>>(
        () => [.. _world.Orders.Values.Select(o => o.Replaces).OfType<FakeCertificate>().Select(c => X509CertificateLoader.LoadCertificate(c.Leaf.RawData))]);

    /// <summary>The URLs of the accounts that are valid.</summary>
    public IReadOnlyList<Uri> Accounts => _dispatcher.Between<IReadOnlyList<Uri>>(
        () => [.. _world.Accounts.Values.Where(a => a.Status == "valid").Select(_world.UrlOf)]);

    /// <summary>Starts on a free port.</summary>
    public static async Task<FakeAcmeServer> StartAsync(FakeAcmeOptions? options = null)
    {
        var server = new FakeAcmeServer(options ?? new FakeAcmeOptions());
        await server._app.StartAsync();
        server._world.Urls = new AcmeUrls(new Uri(server._app.Urls.Single()), server._world.Options.UrlSuffix);
        return server;
    }

    /// <summary>Why a certificate was revoked (RFC 5280 section 5.3.1), or null.</summary>
    public int? RevocationReason(X509Certificate2 certificate) => _dispatcher.Between(() => Find(certificate).RevocationReason);

    /// <summary>What renewalInfo (RFC 9773) answers for a certificate from now on; null: a window that follows from its dates.</summary>
    public void SetRenewalInfo(X509Certificate2 certificate, JsonObject? answer) =>
        _dispatcher.Between(() => { Find(certificate).RenewalInfo = answer; });

    /// <summary>Gives every authorization another state, for instance <c>revoked</c> or <c>expired</c>.</summary>
    public void SetAuthorizations(string status) => _dispatcher.Between(() => _world.SetAuthorizations(status));

    /// <summary>Forgets accounts, orders and nonces, as a CA that lost its database.</summary>
    public void Wipe() => _dispatcher.Between(_world.Wipe);

    /// <summary>No nonce given so far is good any longer, as after a new deployment of the CA.</summary>
    public void ForgetNonces() => _world.Nonces.Forget();

    public async ValueTask DisposeAsync()
    {
        using (var atOnce = new CancellationTokenSource())
        {
            await atOnce.CancelAsync();
            await _app.StopAsync(atOnce.Token);
        }

        await _app.DisposeAsync();
        _dispatcher.Dispose();
        _world.Dispose();
        _certificate.Dispose();
        Trust.Dispose();
    }

    private FakeCertificate Find(X509Certificate2 certificate) =>
        _world.Certificates.Values.Single(c => c.Leaf.RawData.AsSpan().SequenceEqual(certificate.RawData));
}
