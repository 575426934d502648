using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace CertOperator.Testing.Ingress;

/// <summary>.NET's own HTTPS client against a port of loopback.</summary>
public static class TlsProbe
{
    /// <summary>Asks for <c>/</c> of a host, with only these authorities (PEM) as trust.</summary>
    /// <exception cref="HttpRequestException">The certificate was not accepted, or nothing answered.</exception>
    public static async Task<TlsAnswer> GetAsync(int port, string host, string authorities)
    {
        var trust = Trust.Only(authorities);
        X509Certificate2? served = null;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancel) =>
            {
                var socket = new TcpClient();
                await socket.ConnectAsync("127.0.0.1", port, cancel);
                var stream = new SslStream(socket.GetStream());
                await stream.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions { TargetHost = host, CertificateChainPolicy = trust }, cancel);
                served = new X509Certificate2(stream.RemoteCertificate!);
                return stream;
            },
        };
        using var client = new HttpClient(handler);
        // The callback has made the connection secure, so HTTP itself is spoken as if it were plain.
        using var response = await client.GetAsync(new Uri($"http://{host}/"));
        return new TlsAnswer(response.StatusCode, await response.Content.ReadAsStringAsync(), served!);
    }
}
