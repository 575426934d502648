using System.Net;
using System.Net.Sockets;

namespace CertOperator.Challenges.SelfChecks;

/// <summary>What the CA will ask, and who is supposed to answer.</summary>
/// <param name="Name">The name or address to be validated.</param>
/// <param name="Path">The absolute path.</param>
/// <param name="Body">The key authorization.</param>
/// <param name="IngressAddresses">What the ingress controller reports of itself: addresses or host names.</param>
/// <param name="Route">What sends the request to the operator, for sentences.</param>
/// <param name="Service">The operator's own Service, for sentences.</param>
internal sealed record SelfCheckQuestion(string Name, string Path, string Body, IReadOnlyList<string> IngressAddresses, string Route, string Service)
{
    public IPAddress? Address => IPAddress.TryParse(Name, out IPAddress? address) ? address : null;

    public Uri Url => new($"http://{(Address is { AddressFamily: AddressFamily.InterNetworkV6 } ? $"[{Name}]" : Name)}{Path}");

    /// <summary>Its fields hold what is not to be logged.</summary>
    public override string ToString() => $"{nameof(SelfCheckQuestion)} {Name}";
}
