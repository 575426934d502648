using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace CertOperator.Runtime.Client.Http;

/// <summary>
/// The open connections made from one reading of the settings. A session that newer settings replace is closed when
/// the last call on it ends.
/// </summary>
internal sealed class KubeSession : IDisposable
{
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly HttpMessageInvoker _http;
    private readonly string _userAgent;
    private readonly TimeProvider _time;
    private string? _token;
    private long _tokenRead;
    private int _users = 1; // the transport, until it disposes the session

    public KubeSession(KubeConnection connection, string userAgent, TimeProvider time)
    {
        Connection = connection;
        _userAgent = userAgent;
        _time = time;
        _http = new HttpMessageInvoker(Handler(connection));
    }

    public KubeConnection Connection { get; }

    /// <summary>What no message may show: the credentials now in use.</summary>
    public IEnumerable<string> Secrets
        => new[] { _token, Connection.Token, Connection.Basic, Connection.Basic?.Split(':', 2)[^1], Encoded(Connection.Basic) }
            .OfType<string>()
            .Where(text => text.Length > 0);

    /// <summary>Holds the session open; false if it is closed already.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_users == 0) return false;
            _users++;
            return true;
        }
    }

    /// <summary>Gives up one hold, the transport's own included.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (--_users > 0) return;
        }

        _http.Dispose();
    }

    public async Task<HttpResponseMessage> SendAsync(KubeRequest request, CancellationToken cancel)
    {
        using var message = request.ToMessage(Connection, Credentials(), _userAgent);
        var since = _time.GetTimestamp();
        var status = 0;
        try
        {
            var response = await _http.SendAsync(message, cancel).ConfigureAwait(false);
            status = (int)response.StatusCode;
            return response;
        }
        finally
        {
            RuntimeMetrics.Requested(request, status, _time.GetElapsedTime(since));
        }
    }

    private AuthenticationHeaderValue? Credentials()
    {
        if (Encoded(Connection.Basic) is { } basic) return new("Basic", basic);
        var token = Connection.TokenFile is { } file ? FileToken(file) : Connection.Token;
        if (string.IsNullOrEmpty(token)) return null;
        return token.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? throw new KubeException(KubeFailure.Unauthorized, "The bearer token of the settings holds characters that no token has.")
            : new("Bearer", token);
    }

    private static string? Encoded(string? basic) => basic is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes(basic));

    private string? FileToken(string file)
    {
        lock (_lock)
        {
            if (_token is not null && _time.GetElapsedTime(_tokenRead) < TokenLifetime) return _token;
            try
            {
                _token = File.ReadAllText(file).Trim();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new KubeException(KubeFailure.Unauthorized, $"The token file {file} cannot be read.");
            }

            _tokenRead = _time.GetTimestamp();
            return _token;
        }
    }

    private static SocketsHttpHandler Handler(KubeConnection connection)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(30),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            ActivityHeadersPropagator = null,
        };
        if (connection.ClientCertificate is { } certificate) handler.SslOptions.ClientCertificates = [certificate];
        if (connection.SkipTlsVerify)
        {
#pragma warning disable CA5359 // The user's kubeconfig says insecure-skip-tls-verify.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (connection.Trust is { } roots)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
            policy.CustomTrustStore.AddRange(roots);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        return handler;
    }
}
