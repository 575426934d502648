using CertOperator.Api;
using CertOperator.Challenges.Dns.Wire;
using CertOperator.Runtime.Client;
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
    /// <summary>For an issuer; a ClusterIssuer's Secrets are in the operator's namespace.</summary>
    public static DnsProviderContext For(IIssuerObject issuer, DnsServices services, IKubeClient client, string operatorNamespace)
        => new(services, new SecretValues(client, issuer.Metadata.Namespace ?? operatorNamespace), MayUseOwnIdentity: issuer is ClusterIssuer);

    /// <exception cref="DnsException">The settings name no credentials, and there are no others.</exception>
    public void RequireOwnIdentity(string provider, string remedy)
    {
        if (!MayUseOwnIdentity)
            throw new DnsException($"The {provider} settings name no credentials, and only a ClusterIssuer may use the operator's own identity: {remedy}.");
    }
}
