using CertOperator.Challenges.Dns.Wire;
using CertOperator.Secrets;

namespace CertOperator.Challenges.Dns;

/// <summary>What a provider gets to work with for one issuer.</summary>
/// <param name="Services">What all share.</param>
/// <param name="Secrets">The Secrets that the issuer may name.</param>
/// <param name="MayUseOwnIdentity">
/// Whether the operator's own cloud identity may be used: for ClusterIssuers, which administrators make. An Issuer belongs
/// to a tenant, who must bring credentials.
/// </param>
internal sealed record DnsProviderContext(DnsServices Services, SecretValues Secrets, bool MayUseOwnIdentity)
{
    /// <exception cref="DnsException">The settings name no credentials, and there are no others.</exception>
    public void RequireOwnIdentity(string provider, string remedy)
    {
        if (!MayUseOwnIdentity)
            throw new DnsException($"The {provider} settings name no credentials, and only a ClusterIssuer may use the operator's own identity: {remedy}.");
    }
}
