using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace CertOperator.Benchmarks;

/// <summary>Judges what the operator stored by .NET's own classes, not by the operator's.</summary>
internal static class SecretCheck
{
    /// <summary>Why the pair of a Secret is no certificate for a host under these roots; null if it is one.</summary>
    public static string? Complaint(JsonNode secret, string host, X509Certificate2Collection roots)
    {
        try
        {
            using var leaf = X509Certificate2.CreateFromPem(Entry(secret, "tls.crt"), Entry(secret, "tls.key"));
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.CustomTrustStore.AddRange(roots);
            chain.ChainPolicy.ExtraStore.ImportFromPem(Entry(secret, "tls.crt"));
            if (!chain.Build(leaf))
            {
                return string.Join(' ', chain.ChainStatus.Select(status => status.StatusInformation));
            }

            return leaf.MatchesHostname(host, allowWildcards: false, allowCommonName: false) ? null : $"It is not for {host}.";
        }
        catch (CryptographicException unreadable)
        {
            return unreadable.Message;
        }
    }

    private static string Entry(JsonNode secret, string name) =>
        Encoding.UTF8.GetString(Convert.FromBase64String((string?)secret["data"]?[name] ?? ""));
}
