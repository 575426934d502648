using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CertOperator.Challenges.Dns.Wire;

namespace CertOperator.Challenges.Dns.Http;

/// <summary>
/// Calls providers: 30 seconds, 1 MiB, no redirects, no cookies, no proxies' surprises. Whatever the HTTP stack throws ends
/// here, for it can show what was sent.
/// </summary>
internal sealed class ProviderHttp(EndpointGuard guard, TimeProvider time) : IDisposable
{
    private const int MaxBody = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    private readonly HttpMessageInvoker _known = new(Handler(null));
    private readonly HttpMessageInvoker _users = new(Handler(guard));

    public void Dispose()
    {
        _known.Dispose();
        _users.Dispose();
    }

    /// <summary>The answer, whatever its status.</summary>
    /// <exception cref="DnsException">There is none.</exception>
    public async Task<ProviderReply> SendAsync(ProviderRequest request, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            if (request.CaBundle is not { } bundle)
                return await ExchangeAsync(request.IsUsersEndpoint ? _users : _known, request, either.Token);

            using SocketsHttpHandler handler = Handler(guard);
            handler.SslOptions.CertificateChainPolicy = Trust(bundle);
            using var own = new HttpMessageInvoker(handler);
            return await ExchangeAsync(own, request, either.Token);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw failure.InnerException as DnsException
                ?? new DnsException($"{request.Provider} at {request.Url.Host} did not {request.Purpose}: {Why(failure)}.");
        }
    }

    private async Task<ProviderReply> ExchangeAsync(HttpMessageInvoker http, ProviderRequest request, CancellationToken cancel)
    {
        using HttpRequestMessage message = request.ToMessage();
        using HttpResponseMessage response = await http.SendAsync(message, cancel);
        await response.Content.LoadIntoBufferAsync(MaxBody, cancel);
        byte[] body = await response.Content.ReadAsByteArrayAsync(cancel);
        TimeSpan? retryAfter = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => null,
        };
        TimeSpan? wait = retryAfter is { } asked ? TimeSpan.FromTicks(Math.Clamp(asked.Ticks, 0, LongestRetryAfter.Ticks)) : null;
        return new ProviderReply(request, (int)response.StatusCode, body, response.Headers.ETag?.ToString(), wait);
    }

    private static SocketsHttpHandler Handler(EndpointGuard? guard)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 32,
            ActivityHeadersPropagator = null,
        };
        if (guard is not null)
        {
            // A proxy would resolve the name itself, and past the guard.
            handler.UseProxy = false;
            handler.ConnectCallback = (context, cancel) => ConnectAsync(guard, context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancel);
        }

        return handler;
    }

    /// <summary>Connects to an address that was checked, not to a name that may resolve to another one the next time.</summary>
    private static async ValueTask<Stream> ConnectAsync(EndpointGuard guard, string host, int port, CancellationToken cancel)
    {
        System.Net.IPAddress[] addresses = await guard.ResolveAsync(host, cancel);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static X509ChainPolicy Trust(byte[] bundle)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        try
        {
            policy.CustomTrustStore.ImportFromPem(Encoding.UTF8.GetString(bundle));
        }
        catch (CryptographicException)
        {
            throw new DnsException("caBundle holds no certificates: give PEM in base64.");
        }

        return policy;
    }

    private static string Why(Exception failure) => failure switch
    {
        OperationCanceledException => $"no answer within {Patience.TotalSeconds:0} s",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "the name does not resolve",
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => "no connection",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: AuthenticationException }
            => "its TLS certificate is not trusted",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "no TLS connection",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "the answer is too large",
        _ => "the connection broke off",
    };
}
