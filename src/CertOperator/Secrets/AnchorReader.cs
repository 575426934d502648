using System.Collections.Concurrent;
using System.Security.Cryptography;
using CertOperator.Pki;
using CertOperator.Pki.Formats;

namespace CertOperator.Secrets;

/// <summary>
/// Reads <c>ca.crt</c> entries. Thousands of Secrets hold the same one, which is parsed and verified once. Thread-safe.
/// </summary>
internal sealed class AnchorReader
{
    // A megabyte at most, whatever the Secrets of a cluster hold.
    private const int MostKept = 64;
    private const int LargestKept = 16 * 1024;

    private readonly ConcurrentDictionary<string, IReadOnlyList<IssuedCertificate>> _known = [];

    /// <exception cref="PkiException">It holds no certificates, or something else.</exception>
    public IReadOnlyList<IssuedCertificate> Read(byte[] pem)
    {
        if (pem.Length > LargestKept)
            return Pem.ReadCertificates(pem);

        string hash = Convert.ToHexString(SHA256.HashData(pem));
        if (_known.TryGetValue(hash, out IReadOnlyList<IssuedCertificate>? known))
            return known;

        IReadOnlyList<IssuedCertificate> read = Pem.ReadCertificates(pem);
        if (_known.Count >= MostKept)
            _known.Clear();
        return _known.GetOrAdd(hash, read);
    }
}
