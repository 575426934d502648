using System.Security.Cryptography.X509Certificates;

namespace CertOperator.Testing;

/// <summary>Whom a test trusts.</summary>
public static class Trust
{
    /// <summary>A policy that trusts the certificates of a PEM text and nothing else.</summary>
    public static X509ChainPolicy Only(string authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPem(authorities);
        return policy;
    }
}
