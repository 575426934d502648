using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Security.Authentication;
using CertOperator.Acme.Errors;

namespace CertOperator.Acme.Protocol;

/// <summary>Sends one request and reads its answer, both within limits. Whatever keeps an answer from coming is an <see cref="AcmeException"/>.</summary>
internal sealed class AcmeTransport : IDisposable
{
    private static readonly string Product = $"cert-operator-acme/{typeof(AcmeTransport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0"} dotnet/{Environment.Version}";

    // Exactly this: servers compare it as text, and refuse parameters (RFC 8555 section 6.2).
    private static readonly MediaTypeHeaderValue JoseJson = new("application/jose+json");

    private readonly HttpMessageInvoker _http;
    private readonly SemaphoreSlim _slots;
    private readonly AcmeClientOptions _options;
    private readonly TimeProvider _time;
    private readonly string _userAgent;

    public AcmeTransport(AcmeClientOptions options, TimeProvider time)
    {
        _http = new HttpMessageInvoker(options.Handler ?? AcmeHandler.Create(options));
        _slots = new SemaphoreSlim(options.MaxConcurrentRequests);
        _options = options;
        _time = time;
        _userAgent = options.UserAgent is { Length: > 0 } caller ? $"{caller} {Product}" : Product;
    }

    public void Dispose()
    {
        _http.Dispose();
        _slots.Dispose();
    }

    /// <summary>Asks without a signature: the directory, a nonce, renewal information.</summary>
    public Task<AcmeReply> GetAsync(AcmeStage stage, HttpMethod method, Uri url, CancellationToken cancel)
        => SendAsync(new AcmeRequest(stage, method, url), cancel);

    public async Task<AcmeReply> SendAsync(AcmeRequest request, CancellationToken cancel)
    {
        var url = AcmeUri.Parse(request.Url.OriginalString, _options.AllowHttp)
            ?? throw Failures.Unreachable(request.Stage, request.Url, request.Method.Method, "its address is not an https: URL that can be requested", FailureClass.Permanent, Fault.Issuer);
        using var limit = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        using var activity = AcmeActivities.Request(request.Stage, request.Method.Method, url);
        var since = _time.GetTimestamp();
        AcmeReply? reply = null;
        try
        {
            reply = await ExchangeAsync(request, url, either.Token).ConfigureAwait(false);
            if (!reply.IsSuccess) AcmeMetrics.Refused(request.Stage, reply.Problem);
            return reply;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Unreachable(request, $"there was no answer within {_options.RequestTimeout.TotalSeconds:0} s", FailureClass.Transient, Fault.Network);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw Translate(request, failure);
        }
        finally
        {
            AcmeActivities.Answered(activity, reply?.Status ?? 0, reply?.Problem);
            AcmeMetrics.Answered(request.Stage, reply?.Status ?? 0, _time.GetElapsedTime(since));
        }
    }

    private async Task<AcmeReply> ExchangeAsync(AcmeRequest request, Uri url, CancellationToken cancel)
    {
        await _slots.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            using var message = Message(request, url);
            using var response = await _http.SendAsync(message, cancel).ConfigureAwait(false);
            return await ReadAsync(request, url, response, cancel).ConfigureAwait(false);
        }
        finally
        {
            _slots.Release();
        }
    }

    private HttpRequestMessage Message(AcmeRequest request, Uri url)
    {
        // The version of the message wins over every default.
        var message = new HttpRequestMessage(request.Method, url) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        message.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
        message.Headers.TryAddWithoutValidation("Accept-Language", _options.AcceptLanguage);
        if (request.Accept is { } accept) message.Headers.TryAddWithoutValidation("Accept", accept);
        if (request.Body is { } body) message.Content = new ByteArrayContent(body) { Headers = { ContentType = JoseJson } };
        return message;
    }

    private async Task<AcmeReply> ReadAsync(AcmeRequest request, Uri url, HttpResponseMessage response, CancellationToken cancel)
    {
        var now = _time.GetUtcNow();
        var headers = response.Headers.NonValidated;
        var nonce = First(headers, "Replay-Nonce")?.Trim();
        return new AcmeReply
        {
            Status = (int)response.StatusCode,
            Url = request.Url,
            Method = request.Method.Method,
            At = now,
            MediaType = response.Content.Headers.ContentType?.MediaType,
            Nonce = NoncePool.IsNonce(nonce) ? nonce : null,
            Location = First(headers, "Location") is { } location ? AcmeUri.Resolve(url, location.Trim(), _options.AllowHttp) : null,
            Links = headers.TryGetValues("Link", out var links) ? LinkHeader.Parse(links, url, _options.AllowHttp) : [],
            RetryAfter = RetryAfter.Parse(First(headers, "Retry-After"), now),
            Body = await ReadBodyAsync(request, response, cancel).ConfigureAwait(false),
        };
    }

    private static async Task<byte[]> ReadBodyAsync(AcmeRequest request, HttpResponseMessage response, CancellationToken cancel)
    {
        var max = response.IsSuccessStatusCode ? request.MaxBytes : AcmeLimits.Problem;
        var body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        using var held = new MemoryStream();
        var piece = new byte[8 * 1024];
        while (await body.ReadAsync(piece, cancel).ConfigureAwait(false) is > 0 and var count)
        {
            if (held.Length + count > max)
            {
                if (!response.IsSuccessStatusCode) break; // A refusal is one anyhow; its words are cut off.
                throw Failures.Unreadable(request.Stage, request.Url, $"the answer has more than {max / 1024} KiB");
            }
            held.Write(piece, 0, count);
        }
        return held.ToArray();
    }

    private static string? First(HttpHeadersNonValidated headers, string name)
        => headers.TryGetValues(name, out var values) ? values.First() : null;

    private static AcmeException Translate(AcmeRequest request, Exception failure) => failure switch
    {
        HttpRequestException { InnerException: PrivateAddressException } or PrivateAddressException
            => Unreachable(request, "it has no address on the public internet, and this issuer may use no other", FailureClass.Permanent, Fault.Issuer),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => Unreachable(request, "its name does not resolve", FailureClass.Transient, Fault.Network),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => Unreachable(request, "no connection could be made", FailureClass.Transient, Fault.Network),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: AuthenticationException tls }
            => Unreachable(request, $"its TLS certificate is not trusted ({PrintableText.Clean(tls.Message, 200).TrimEnd('.')}); check the issuer's CA bundle", FailureClass.Permanent, Fault.Issuer),
        _ => Unreachable(request, "the connection broke off", FailureClass.Transient, Fault.Network),
    };

    private static AcmeException Unreachable(AcmeRequest request, string why, FailureClass gravity, Fault fault)
        => Failures.Unreachable(request.Stage, request.Url, request.Method.Method, why, gravity, fault);
}
