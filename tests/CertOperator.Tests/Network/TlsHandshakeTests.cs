using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using CertOperator.Audit;
using CertOperator.Pki.Formats;
using CertOperator.Secrets;

namespace CertOperator.Network;

public sealed class TlsHandshakeTests : IAsyncLifetime
{
    private readonly SniServer _server = new(TimeProvider.System);

    public ValueTask InitializeAsync()
    {
        var data = KeyPairFixture.Of("good").Data!;
        _server.Serve(KeyPairFixture.Host, Encoding.ASCII.GetString(data[SecretEntries.Certificate]), Encoding.ASCII.GetString(data[SecretEntries.PrivateKey]));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_served_is_kept_whether_or_not_the_server_wants_more_of_the_client(bool wantsClient)
    {
        _server.WantsClient = wantsClient;
        TlsHandshake handshake = await TlsHandshake.RunAsync(EndPointOf(_server.Port), KeyPairFixture.Host, TestContext.Current.CancellationToken);

        Assert.Equal(Pem.ReadCertificates(KeyPairFixture.Of("good").Data![SecretEntries.Certificate]).Count, handshake.Certificates.Count);
        Assert.True(handshake.MatchesName);
        Assert.Equal(KeyPairFixture.Host, Assert.Single(_server.Asked).Name);
    }

    [Fact]
    public async Task A_name_that_is_not_served_is_a_failure()
    {
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => TlsHandshake.RunAsync(EndPointOf(_server.Port), "other.example.com", TestContext.Current.CancellationToken));
        Assert.True(failure is AuthenticationException or IOException, failure.ToString());
    }

    [Fact]
    public async Task A_peer_that_sends_without_end_is_left()
    {
        using var peer = new RawServer(async (stream, cancel) =>
        {
            // Application data that no handshake has room for, in whole TLS records.
            byte[] record = [0x16, 0x03, 0x03, 0x40, 0x00, .. new byte[0x4000]];
            while (!cancel.IsCancellationRequested)
                await stream.WriteAsync(record, cancel);
        });
        await Assert.ThrowsAnyAsync<Exception>(() => TlsHandshake.RunAsync(EndPointOf(peer.Port), "a.example.com", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task More_than_the_limit_is_not_read()
    {
        using var peer = new RawServer(async (stream, cancel) =>
        {
            while (!cancel.IsCancellationRequested)
                await stream.WriteAsync(new byte[1000], cancel);
        });
        await using BoundedConnection connection = await BoundedConnection.OpenAsync(EndPointOf(peer.Port), 10_000, TestContext.Current.CancellationToken);
        byte[] buffer = new byte[700];
        long read = 0;
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (true)
                read += await connection.ReadAsync(buffer, TestContext.Current.CancellationToken);
        });
        Assert.InRange(read, 9_000, 10_000);
    }

    [Fact]
    public async Task A_peer_that_speaks_something_else_is_a_failure()
    {
        using var peer = new RawServer((stream, cancel) => stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), cancel).AsTask());
        await Assert.ThrowsAnyAsync<Exception>(() => TlsHandshake.RunAsync(EndPointOf(peer.Port), "a.example.com", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_peer_that_says_nothing_is_left_at_the_deadline()
    {
        using var peer = new RawServer((_, cancel) => Task.Delay(Timeout.Infinite, cancel));
        using var deadline = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TlsHandshake.RunAsync(EndPointOf(peer.Port), "a.example.com", deadline.Token));
    }

    [Fact]
    public void What_a_failure_means()
    {
        Assert.Equal(ConnectFailure.Refused, ConnectFailures.Of(new SocketException((int)SocketError.ConnectionRefused)));
        Assert.Equal(ConnectFailure.TimedOut, ConnectFailures.Of(new IOException("", new SocketException((int)SocketError.TimedOut))));
        Assert.Equal(ConnectFailure.NoRoute, ConnectFailures.Of(new SocketException((int)SocketError.HostUnreachable)));
        Assert.Equal(ConnectFailure.Broken, ConnectFailures.Of(new AuthenticationException()));
    }

    private static IPEndPoint EndPointOf(int port) => new(IPAddress.Loopback, port);
}
