using System.Security.Cryptography.X509Certificates;
using CertOperator.Pki;

namespace CertOperator.Cli.Inspect;

/// <summary>The root certificates that this machine trusts.</summary>
internal static class SystemRoots
{
    public static IReadOnlyList<IssuedCertificate> Read()
    {
        using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        var roots = new List<IssuedCertificate>();
        foreach (X509Certificate2 root in store.Certificates)
        {
            using (root)
            {
                if (TryParse(root.RawData) is { } parsed)
                    roots.Add(parsed);
            }
        }

        return roots;
    }

    /// <summary>Null for one that does not keep to RFC 5280, as some old roots do not.</summary>
    private static IssuedCertificate? TryParse(byte[] der)
    {
        try
        {
            return IssuedCertificate.Parse(der);
        }
        catch (PkiException)
        {
            return null;
        }
    }
}
