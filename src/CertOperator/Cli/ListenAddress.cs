using System.CommandLine;
using System.Net;
using System.Net.Sockets;

namespace CertOperator.Cli;

/// <summary>Options that say where to listen.</summary>
internal static class ListenAddress
{
    /// <summary>What the option says; null without it, or if it is no address and port, which is then told.</summary>
    public static IPEndPoint? Read(ParseResult parsed, Option<string?> option, List<string> wrong)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        // Without a port it would be any that is free, which nobody wants who leaves it out.
        if (IPEndPoint.TryParse(text, out IPEndPoint? endpoint) && (endpoint.Port > 0 || text.EndsWith(":0", StringComparison.Ordinal)))
            return endpoint;
        wrong.Add($"{option.Name} {text} is no address and port, for example 0.0.0.0:8080.");
        return null;
    }

    /// <summary>Begins to serve.</summary>
    /// <param name="server">What serves.</param>
    /// <param name="cancel">Ends it.</param>
    /// <param name="addresses">Where.</param>
    /// <exception cref="IOException">An address is taken, forbidden, or not this machine's.</exception>
    public static async Task StartAsync(WebApplication server, CancellationToken cancel, params IPEndPoint?[] addresses)
    {
        try
        {
            await server.StartAsync(cancel);
        }
        catch (SocketException refused)
        {
            string remedy = refused.SocketErrorCode == SocketError.AccessDenied ? " Ports below 1024 are root's, or of a program with the capability NET_BIND_SERVICE: choose another one." : "";
            throw new IOException($"Nothing can be served at {string.Join(" and ", addresses.OfType<IPEndPoint>())}: {refused.Message}.{remedy}", refused);
        }
    }
}
