using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace CertOperator.Testing.Monitoring;

/// <summary>A collector of traces: takes OTLP over HTTP and by gRPC, on loopback, and keeps what comes.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    /// <summary>Before each message of gRPC: whether it is compressed, and its length.</summary>
    private const int FrameHeader = 5;

    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly List<OtlpSpan> _spans = [];
    private readonly StringBuilder _text = new();

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, grpc => grpc.Protocols = HttpProtocols.Http2);
        });
        _app = builder.Build();
        _app.MapPost("/v1/traces", TakeAsync);
        _app.MapPost("/opentelemetry.proto.collector.trace.v1.TraceService/Export", TakeFrameAsync);
    }

    /// <summary>What is answered; nothing is kept unless it is 200.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>As of <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
    public Uri Endpoint => new(_app.Urls.First());

    /// <summary>The same for <c>OTEL_EXPORTER_OTLP_PROTOCOL</c> grpc.</summary>
    public Uri GrpcEndpoint => new(_app.Urls.Last());

    /// <summary>Everything that came, octet by octet.</summary>
    public string Text
    {
        get
        {
            lock (_lock) return _text.ToString();
        }
    }

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>The trees of the issuances of a Certificate, by the time of their root.</summary>
    /// <exception cref="InvalidOperationException">One of them has no root, or several, or a span without its parent.</exception>
    public IReadOnlyList<TraceTree> TreesOf(string certificate)
    {
        lock (_lock)
        {
            return
            [
                .. _spans.Where(span => span.Attributes.GetValueOrDefault("certoperator.certificate.name") == certificate)
                    .Select(root => root.TraceId).Distinct()
                    .Select(trace => new TraceTree([.. _spans.Where(span => span.TraceId == trace)]))
                    .OrderBy(tree => tree.Root.Start),
            ];
        }
    }

    /// <summary>Whether a span came that says so.</summary>
    public bool Has(string name, string attribute, string value)
    {
        lock (_lock) return _spans.Any(span => span.Name == name && span.Attributes.GetValueOrDefault(attribute) == value);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        if (Status != StatusCodes.Status200OK)
            return;
        Keep(await ReadAsync(context));
        context.Response.ContentType = "application/x-protobuf";
    }

    private async Task TakeFrameAsync(HttpContext context)
    {
        Keep((await ReadAsync(context))[FrameHeader..]);
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[FrameHeader], context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static async Task<byte[]> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return body.ToArray();
    }

    private void Keep(byte[] message)
    {
        lock (_lock)
        {
            _text.Append(Encoding.Latin1.GetString(message));
            _spans.AddRange(OtlpSpan.ReadAll(message));
        }
    }
}
