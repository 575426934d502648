using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Acme.State;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CertOperator.Testing.Acme.Handlers;

/// <summary>Between HTTP and the protocol: records requests, applies faults, writes replies.</summary>
internal sealed class AcmeExchange(AcmeWorld world, Dispatcher dispatcher, AcmeFaults faults, RequestLog log)
{
    private const long MostOfEndless = 256L << 20;

    private static readonly byte[] Filler = [.. Enumerable.Repeat((byte)' ', 1 << 16)];

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            var call = await ReadAsync(context.Request);
            var record = Record(call, context.Request.Headers);
            log.Add(record);
            var reply = faults.Prevent(call.Endpoint)
                ?? faults.Change(call.Endpoint, HasUserAgent(context) ? await dispatcher.ServeAsync(call) : NoUserAgent());
            record.Status = reply.Status;
            await WriteAsync(context, reply);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone: there is nobody left to answer.
        }
    }

    private static async Task<AcmeCall> ReadAsync(HttpRequest request)
    {
        var (endpoint, id, part) = AcmeUrls.Parse(request.Path.Value ?? "/");
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        return new AcmeCall(endpoint, id, part, request.Method, $"{request.Scheme}://{request.Host}{target}", request.ContentType, body);
    }

    private static RecordedRequest Record(AcmeCall call, IHeaderDictionary headers) => new(
        call.Endpoint,
        call.Method,
        new Uri(call.Url),
        ClaimedAccount(call.Body),
        headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));

    private static string? ClaimedAccount(string body)
    {
        try
        {
            return body.Length == 0 ? null : Jws.Parse(body).KeyId;
        }
        catch (Refusal)
        {
            return null;
        }
    }

    private static bool HasUserAgent(HttpContext context) => context.Request.Headers.UserAgent.Count > 0;

    // RFC 8555 section 6.1.
    private static AcmeReply NoUserAgent() => AcmeReply.Problem(400, "malformed", "the request has no User-Agent");

    private async Task WriteAsync(HttpContext context, AcmeReply reply)
    {
        if (reply.Delivery == ReplyDelivery.Never) await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        if (reply.Delivery == ReplyDelivery.Lost)
        {
            context.Abort();
            return;
        }

        var response = context.Response;
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        if (reply.HasNonce) response.Headers["Replay-Nonce"] = world.Nonces.Give();
        response.Headers.Append("Link", $"<{world.Urls.Of(AcmeEndpoint.Directory).OriginalString}>;rel=\"index\"");
        foreach (var header in reply.Headers)
        {
            foreach (var value in header)
            {
                response.Headers.Append(header.Key, value);
            }
        }

        await WriteBodyAsync(context, reply);
    }

    private static async Task WriteBodyAsync(HttpContext context, AcmeReply reply)
    {
        var body = reply.Bytes();
        if (reply.Delivery == ReplyDelivery.Cut)
        {
            await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2));
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }

        if (body.Length > 0) await context.Response.Body.WriteAsync(body, context.RequestAborted);
        for (var sent = 0L; reply.Delivery == ReplyDelivery.Endless && sent < MostOfEndless; sent += Filler.Length)
        {
            await context.Response.Body.WriteAsync(Filler, context.RequestAborted);
        }
    }
}
