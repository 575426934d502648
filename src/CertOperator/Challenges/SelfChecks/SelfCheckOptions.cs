using System.Net;

namespace CertOperator.Challenges.SelfChecks;

/// <summary>How the operator looks at its own answers from outside.</summary>
internal sealed record SelfCheckOptions
{
    /// <summary>
    /// Connects to private addresses although whoever may write a Certificate chooses the name. The addresses of Ingresses are
    /// asked in any case: ingress controllers report them.
    /// </summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>The port that the CA asks, as it is seen from here.</summary>
    public int Port { get; init; } = 80;

    /// <summary>For everything together.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Addresses of an absolute name; a name without any is a <see cref="System.Net.Sockets.SocketException"/>.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = System.Net.Dns.GetHostAddressesAsync;
}
