using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace CertOperator.Cli.Inspect;

/// <summary>A TLS server on loopback that serves one chain, or that accepts connections and says nothing.</summary>
internal sealed class TlsServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly SslServerAuthenticationOptions? _options;
    private readonly Task _serving;

    /// <param name="certificates">PEM, the leaf first; empty for silence.</param>
    /// <param name="key">PEM.</param>
    public TlsServer(string certificates = "", string key = "")
    {
        if (certificates.Length > 0)
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificates);
            _options = new SslServerAuthenticationOptions
            {
                ServerCertificateContext = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificates, key), [.. chain.Skip(1)], offline: true),
            };
        }

        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary><c>localhost:PORT</c>.</summary>
    public string Address => $"localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var open = new List<TcpClient>();
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                open.Add(client);
                if (_options is not null)
                    await new SslStream(client.GetStream()).AuthenticateAsServerAsync(_options, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            open.ForEach(client => client.Dispose());
        }
    }
}
