using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Testing.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CertOperator.Testing.Cluster;

/// <summary>
/// Stands on loopback between a client and the API server and passes everything on. When told to, it goes silent at one write,
/// so that the client can be killed exactly there, or has something done before the client learns that a write is stored.
/// </summary>
public sealed class ApiProxy : IAsyncDisposable
{
    private const string Expired = """
        {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Expired","code":410,"message":"too old resource version"}}

        """;

    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate = LoopbackCertificate.Create();
    private readonly HttpMessageInvoker _server;
    private readonly Uri _target;
    private readonly ConcurrentQueue<string> _warnings = [];
    private readonly TaskCompletionSource _happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ApiCut? _cut;
    private int _writes;
    private int _underWay;
    private volatile bool _isSilent;
    private volatile Func<string, Task>? _stored;
    private CancellationTokenSource _watches = new();

    private ApiProxy(Uri target, string authorities)
    {
        _target = target;
        _server = new HttpMessageInvoker(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trust.Only(authorities) },
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(_certificate)));
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>PEM of the certificate that it is trusted by.</summary>
    public string Authorities => _certificate.ExportCertificatePem();

    /// <summary>What the API server warned the client of.</summary>
    public IReadOnlyCollection<string> Warnings => _warnings;

    /// <summary>Starts on a free port.</summary>
    public static async Task<ApiProxy> StartAsync(TestCluster cluster)
    {
        var proxy = new ApiProxy(cluster.Address, cluster.Authorities);
        await proxy._app.StartAsync();
        proxy.Address = new Uri(proxy._app.Urls.Single());
        return proxy;
    }

    /// <summary>Goes silent at the next such write, for good; ends when that has happened.</summary>
    public Task SilenceAt(ApiCut cut)
    {
        _writes = 0;
        _cut = cut;
        return _happened.Task;
    }

    /// <summary>No write is on its way to the API server or back; one that is held back counts for ever.</summary>
    public bool IsIdle => Volatile.Read(ref _underWay) == 0;

    /// <summary>Calls this for the resource of each write, <c>ingresses</c> for instance, when it is stored and not yet answered.</summary>
    public void BeforeAnswers(Func<string, Task> stored) => _stored = stored;

    /// <summary>Ends all watches as the API server does when it has forgotten their version, so that clients list again.</summary>
    public async Task ExpireWatchesAsync()
    {
        var running = Interlocked.Exchange(ref _watches, new CancellationTokenSource());
        await running.CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        using (var atOnce = new CancellationTokenSource())
        {
            await atOnce.CancelAsync();
            await _app.StopAsync(atOnce.Token);
        }

        await _app.DisposeAsync();
        _server.Dispose();
        _certificate.Dispose();
        _watches.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var write = Write(context.Request);
        if (write is not null)
            Interlocked.Increment(ref _underWay);
        try
        {
            var cut = Meets(write);
            if (cut is null or { Stored: false })
                await HoldIfSilentAsync(cut, context);
            using var answer = await _server.SendAsync(Forwarded(context.Request), context.RequestAborted);
            if (write is { } stored && _stored is { } before)
                await before(stored.Resource);
            await HoldIfSilentAsync(cut, context);
            await AnswerAsync(context, answer);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone: there is nobody left to answer.
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            // The client sees what it would see without the proxy: a connection that breaks.
            context.Abort();
        }
        finally
        {
            if (write is not null)
                Interlocked.Decrement(ref _underWay);
        }
    }

    private Task HoldIfSilentAsync(ApiCut? cut, HttpContext context)
    {
        if (cut is not null)
            _happened.TrySetResult();
        return _isSilent ? Task.Delay(Timeout.Infinite, context.RequestAborted) : Task.CompletedTask;
    }

    /// <summary>What a request writes; null if it only reads.</summary>
    private static (string? Namespace, string Resource)? Write(HttpRequest request)
        => !HttpMethods.IsGet(request.Method) && ApiPath.Parse(request.Path) is { } path
            ? (path.Namespace, path.Subresource.Length > 0 ? $"{path.Plural}/{path.Subresource}" : path.Plural)
            : null;

    /// <summary>The cut that this write was awaited for; null for any other.</summary>
    private ApiCut? Meets((string? Namespace, string Resource)? write)
    {
        if (_cut is not { } cut || write is not var (ns, resource) || ns != cut.Namespace || (cut.Resource ?? resource) != resource)
            return null;
        if (Interlocked.Increment(ref _writes) != cut.Number || Interlocked.CompareExchange(ref _cut, null, cut) != cut)
            return null;
        // From its arrival on: what the client learns of a stored write by its watches must not have it write more.
        _isSilent = true;
        return cut;
    }

    private HttpRequestMessage Forwarded(HttpRequest request)
    {
        var forwarded = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(_target, $"{request.Path}{request.QueryString}"))
        {
            Version = HttpVersion.Version20,
        };
        if (!HttpMethods.IsGet(request.Method))
            forwarded.Content = new StreamContent(request.Body);
        foreach (var header in request.Headers.Where(h => h.Key is "Authorization" or "Accept" or "User-Agent" or "Content-Type"))
        {
            if (!forwarded.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable()))
                forwarded.Content?.Headers.TryAddWithoutValidation(header.Key, header.Value.AsEnumerable());
        }

        return forwarded;
    }

    private async Task AnswerAsync(HttpContext context, HttpResponseMessage answer)
    {
        foreach (string warning in answer.Headers.TryGetValues("Warning", out var warnings) ? warnings : [])
            _warnings.Enqueue(warning);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        using var body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        if (!context.Request.Query.ContainsKey("watch"))
        {
            await body.CopyToAsync(context.Response.Body, context.RequestAborted);
            return;
        }

        var watches = _watches.Token;
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(watches, context.RequestAborted);
            await StreamAsync(body, context.Response.Body, either.Token);
        }
        catch (OperationCanceledException) when (watches.IsCancellationRequested)
        {
            await context.Response.WriteAsync(Expired, context.RequestAborted);
        }
    }

    private static async Task StreamAsync(Stream from, Stream to, CancellationToken cancel)
    {
        var buffer = new byte[16_384];
        await to.FlushAsync(cancel);
        while (await from.ReadAsync(buffer, cancel) is > 0 and var count)
        {
            await to.WriteAsync(buffer.AsMemory(0, count), cancel);
            await to.FlushAsync(cancel);
        }
    }
}
