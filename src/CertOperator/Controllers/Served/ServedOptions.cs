using System.Net;

namespace CertOperator.Controllers.Served;

/// <summary>How it is verified that the stored certificates are those that are served.</summary>
internal sealed record ServedOptions
{
    /// <summary>How long an ingress controller has for it: until then another certificate is no mismatch.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often it is looked at what is served while all is well.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>For connection and handshake together.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Between two handshakes with one address.</summary>
    public TimeSpan Gap { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Handshakes at the same time.</summary>
    public int MostAtOnce { get; init; } = 8;

    /// <summary>The port that clients use; another in tests only.</summary>
    public int Port { get; init; } = 443;

    /// <summary>Connects to loopback addresses too; in tests only.</summary>
    public bool AllowLoopback { get; init; }

    /// <summary>Addresses of an absolute name; a name without any is a <see cref="System.Net.Sockets.SocketException"/>.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;
}
