using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace CertOperator.Network;

/// <summary>What an ingress controller is to a TLS handshake: on loopback, it serves for each name what it was last given for it.</summary>
internal sealed class SniServer : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, SslStreamCertificateContext> _hosts = [];
    private readonly ConcurrentQueue<(DateTimeOffset At, string Name)> _asked = [];
    private readonly ConcurrentDictionary<Task, bool> _open = [];
    private readonly TimeProvider _time;
    private readonly Task _accepting;
    private int _now, _most;

    /// <param name="time">The clock of the record.</param>
    public SniServer(TimeProvider time)
    {
        _time = time;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The names that were asked for, and when.</summary>
    public IReadOnlyList<(DateTimeOffset At, string Name)> Asked => [.. _asked];

    /// <summary>The most handshakes that there were at the same time.</summary>
    public int MostAtOnce => _most;

    /// <summary>Wants a certificate of the client as well, and breaks off without.</summary>
    public bool WantsClient { get; set; }

    /// <summary>Serves a chain for a name; the empty name is for all others.</summary>
    /// <param name="name">As the client asks for it.</param>
    /// <param name="certificates">PEM, the leaf first.</param>
    /// <param name="key">PEM.</param>
    public void Serve(string name, string certificates, string key)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificates);
        _hosts[name] = SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificates, key), [.. chain.Skip(1)], offline: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        await Task.WhenAll(_open.Keys);
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _open[HandshakeAsync(client)] = true;
            }
        }
        catch (OperationCanceledException)
        {
            _listener.Stop();
        }
    }

    private async Task HandshakeAsync(TcpClient client)
    {
        int now = Interlocked.Increment(ref _now);
        InterlockedMax(now);
        using (client)
        await using (var stream = new SslStream(client.GetStream()))
        {
            try
            {
                await stream.AuthenticateAsServerAsync((_, hello, _, _) => ValueTask.FromResult(Choose(hello.ServerName)), null, _stop.Token);
            }
            catch (Exception ended) when (ended is AuthenticationException or IOException or OperationCanceledException)
            {
                // The client, or this server for want of a certificate, has broken off.
            }

            Interlocked.Decrement(ref _now);
        }
    }

    private SslServerAuthenticationOptions Choose(string name)
    {
        _asked.Enqueue((_time.GetUtcNow(), name));
        SslStreamCertificateContext served = _hosts.GetValueOrDefault(name) ?? _hosts.GetValueOrDefault("") ?? throw new AuthenticationException("Nobody is served here.");
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = served,
            ClientCertificateRequired = WantsClient,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => !WantsClient || certificate is not null,
        };
    }

    private void InterlockedMax(int now)
    {
        for (int most = _most; now > most && Interlocked.CompareExchange(ref _most, now, most) != most; most = _most)
        {
        }
    }
}
