using System.Net;
using System.Net.Sockets;

namespace CertOperator.Network;

/// <summary>The addresses of a host.</summary>
/// <param name="Addresses">Those found, a few of them, in an order of their own: a DNS that turns its answers changes nothing.</param>
/// <param name="IsKnown">Whether the DNS gave an answer at all, be it that there are none.</param>
internal sealed record NameLookup(IPAddress[] Addresses, bool IsKnown)
{
    /// <summary>More of a name are not looked at.</summary>
    public const int MostAddresses = 4;

    /// <param name="host">A name or an address.</param>
    /// <param name="resolve">Addresses of an absolute name; a name without any is a <see cref="SocketException"/>.</param>
    /// <param name="deadline">Ends it as not known.</param>
    public static async Task<NameLookup> FindAsync(string host, Func<string, CancellationToken, Task<IPAddress[]>> resolve, CancellationToken deadline)
    {
        if (IPAddress.TryParse(host, out IPAddress? address))
            return new NameLookup([address], IsKnown: true);
        try
        {
            // With a dot at the end no search domain is tried: a name of the outside is meant.
            IPAddress[] found = await resolve($"{host.TrimEnd('.')}.", deadline).WaitAsync(deadline);
            return new NameLookup([.. found.Distinct().OrderBy(one => one.ToString(), StringComparer.Ordinal).Take(MostAddresses)], IsKnown: true);
        }
        catch (SocketException failure)
        {
            return new NameLookup([], IsKnown: failure.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData);
        }
        catch (Exception failure) when (failure is OperationCanceledException or ArgumentException)
        {
            return new NameLookup([], IsKnown: false);
        }
    }
}
