using System.Net;
using System.Net.Sockets;

namespace CertOperator.Testing.Processes;

/// <summary>Ports of the loopback address that were free a moment ago: a server that finds its port taken is started again.</summary>
public static class FreePorts
{
    public static int[] Take(int count)
    {
        // All are held at once so that no port is given twice.
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        try
        {
            return [.. listeners.Select(Bind)];
        }
        finally
        {
            Array.ForEach(listeners, l => l.Dispose());
        }
    }

    private static int Bind(TcpListener listener)
    {
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
