using System.Net.Sockets;

namespace CertOperator.Network;

/// <summary>Why a connection did not come about or did not last.</summary>
internal enum ConnectFailure
{
    /// <summary>Nothing listens.</summary>
    Refused,

    /// <summary>Nothing came back in time.</summary>
    TimedOut,

    /// <summary>No way there from here.</summary>
    NoRoute,

    /// <summary>It was broken off, or something else is spoken.</summary>
    Broken,
}

internal static class ConnectFailures
{
    /// <summary>What an exception of a socket, or of a stream over one, means.</summary>
    public static ConnectFailure Of(Exception failure) => (failure as SocketException ?? failure.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => ConnectFailure.Refused,
        SocketError.TimedOut => ConnectFailure.TimedOut,
        SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable => ConnectFailure.NoRoute,
        _ => ConnectFailure.Broken,
    };
}
