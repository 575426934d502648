using System.Net;
using System.Net.Sockets;

namespace CertOperator.Testing.Processes;

/// <summary>
/// Free ports of the loopback address, each given once in a process. They lie below the range that the kernel takes the ports of
/// outgoing connections from: one of those may be in use by a client before the server that it is meant for has started. Where that
/// range leaves no room below it, they are the kernel's choice.
/// </summary>
public static class FreePorts
{
    private const int First = 10_000;
    private const int Room = 5_000;
    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Given = [];
    private static readonly int AfterLast = ReadFirstEphemeral();

    public static int[] Take(int count)
    {
        lock (Gate)
            return [.. Enumerable.Range(0, count).Select(_ => TakeOne())];
    }

    private static int TakeOne()
    {
        while (Given.Count < Room)
        {
            // At random, since another process may take ports in the same moment.
            int wanted = AfterLast - First >= Room ? Random.Shared.Next(First, AfterLast) : 0;
            if (TryListen(wanted) is { } port && Given.Add(port))
                return port;
        }

        throw new InvalidOperationException($"{Room} ports were taken by this process already.");
    }

    private static int? TryListen(int port)
    {
        using TcpListener listener = new(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return null;
        }
    }

    private static int ReadFirstEphemeral()
        => int.Parse(File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split()[0], System.Globalization.CultureInfo.InvariantCulture);
}
