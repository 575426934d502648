using CertOperator.Pki.Keys;

namespace CertOperator.Pki.Formats;

/// <summary>What a PEM file of a server may hold: certificates in the order in which they stand, and the private key of the first.</summary>
public sealed record PemBundle : IDisposable
{
    public required IReadOnlyList<IssuedCertificate> Certificates { get; init; }

    public PrivateKey? Key { get; init; }

    /// <summary>Why the key that is there cannot be used.</summary>
    public string? KeyProblem { get; init; }

    /// <exception cref="PkiException">It is not PEM, or holds something else, too much, or several keys.</exception>
    public static PemBundle Read(ReadOnlySpan<byte> pem)
    {
        List<PemBlock> blocks = PemReader.Read(pem, Pem.MaxBytes, "data");
        List<PemBlock> certificates = [.. blocks.Where(block => block.Label == PemLabels.Certificate)];
        List<PemBlock> keys = [.. blocks.Where(block => block.Label.EndsWith(PemLabels.PrivateKey, StringComparison.Ordinal))];
        if (keys.Count > 1)
            throw new PkiException($"The data holds {keys.Count} private keys: keep the one of the first certificate.");
        if (certificates.Count > Pem.MaxCertificates)
            throw new PkiException($"The data holds {certificates.Count} certificates: more than {Pem.MaxCertificates} are not read.");
        if (blocks.Find(block => !certificates.Contains(block) && !keys.Contains(block) && block.Label != PemLabels.EcParameters) is { } other)
            throw new PkiException($"The data holds a PEM block of another kind, {Quote.Of(other.Label)}: only certificates and a private key are read.");

        var (key, problem) = ReadKey(keys.FirstOrDefault());
        return new PemBundle { Certificates = [.. certificates.Select(block => IssuedCertificate.Parse(block.Data))], Key = key, KeyProblem = problem };
    }

    public void Dispose() => Key?.Dispose();

    private static (PrivateKey? Key, string? Problem) ReadKey(PemBlock? block)
    {
        try
        {
            return (block is null ? null : PrivateKey.Read(block), null);
        }
        catch (PkiException unusable)
        {
            return (null, unusable.Message);
        }
    }
}
