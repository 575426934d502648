using System.Net;
using System.Net.Sockets;

namespace CertOperator.Network;

/// <summary>A TCP connection that breaks when more comes in than anything of use needs.</summary>
internal sealed class BoundedConnection : NetworkStream
{
    private long _left;

    private BoundedConnection(Socket socket, long mostBytes)
        : base(socket, ownsSocket: true) => _left = mostBytes;

    /// <summary>Connects.</summary>
    /// <param name="target">An address, or a name to look up.</param>
    /// <param name="mostBytes">To read.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task<BoundedConnection> OpenAsync(EndPoint target, long mostBytes, CancellationToken cancel)
    {
        Socket socket = target is IPEndPoint { AddressFamily: var family } ? new(family, SocketType.Stream, ProtocolType.Tcp) : new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(target, cancel);
            return new BoundedConnection(socket, mostBytes);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await base.ReadAsync(buffer, cancellationToken);
        _left -= read;
        return _left >= 0 ? read : throw new IOException("The peer sends more than it should.");
    }
}
