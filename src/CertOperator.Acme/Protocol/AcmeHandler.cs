using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace CertOperator.Acme.Protocol;

/// <summary>Makes the HTTP stack: no redirects, no cookies, no decompression.</summary>
internal static class AcmeHandler
{
    public static HttpMessageHandler Create(AcmeClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            MaxResponseHeadersLength = 64,
            ActivityHeadersPropagator = null, // Of the caller's traces the server needs not know.
            UseProxy = !options.RefusePrivateAddresses,
        };
        if (options.RefusePrivateAddresses) handler.ConnectCallback = ConnectToPublicAsync;
#pragma warning disable CA5359 // The caller says so, for a test server.
        if (!options.VerifiesServer) handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        else if (options.Trust is { } trust) handler.SslOptions.CertificateChainPolicy = PolicyOf(trust);
        return handler;
    }

    private static X509ChainPolicy PolicyOf(X509Certificate2Collection trust)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(trust);
        return policy;
    }

    // The addresses that were checked are those that are connected to: a name that changes in between gains nothing.
    private static async ValueTask<Stream> ConnectToPublicAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var end = context.DnsEndPoint;
        var all = IPAddress.TryParse(end.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(end.Host, cancel).ConfigureAwait(false);
        var addresses = all.Where(PublicAddress.Is).ToArray();
        if (addresses.Length == 0) throw new PrivateAddressException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, end.Port, cancel).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
