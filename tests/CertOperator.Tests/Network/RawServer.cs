using System.Net;
using System.Net.Sockets;

namespace CertOperator.Network;

/// <summary>A peer on loopback that does with each connection whatever it is told to.</summary>
internal sealed class RawServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();

    public RawServer(Func<NetworkStream, CancellationToken, Task> talk)
    {
        _listener.Start();
        _ = AcceptAsync(talk);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<NetworkStream, CancellationToken, Task> talk)
    {
        CancellationToken stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(stop);
                _ = TalkAsync(client, talk, stop);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static async Task TalkAsync(TcpClient client, Func<NetworkStream, CancellationToken, Task> talk, CancellationToken stop)
    {
        using (client)
        {
            try
            {
                await talk(client.GetStream(), stop);
            }
            catch (Exception ended) when (ended is IOException or OperationCanceledException)
            {
                // The other side has left, or the test is over.
            }
        }
    }
}
