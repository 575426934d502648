namespace CertOperator.Pki.Formats;

/// <summary>Certificates in PEM, RFC 7468.</summary>
public static class Pem
{
    public const int MaxBytes = 1024 * 1024;
    public const int MaxCertificates = 20;

    /// <summary>
    /// Reads certificates in the order in which they stand, at least one; text between the blocks is passed over, any other kind of block is not.
    /// </summary>
    /// <exception cref="PkiException">There is none, or more than <see cref="MaxCertificates"/>, or something else, or one is malformed or too long.</exception>
    public static IReadOnlyList<IssuedCertificate> ReadCertificates(ReadOnlySpan<byte> pem)
    {
        var blocks = PemReader.Read(pem, MaxBytes, "certificate data");
        if (blocks.Count == 0)
            throw new PkiException("The certificate data holds no certificate.");
        if (blocks.Any(block => block.Label.EndsWith(PemLabels.PrivateKey, StringComparison.Ordinal)))
            throw new PkiException("The certificate data holds a private key where certificates were expected.");
        if (blocks.Any(block => block.Label != PemLabels.Certificate))
            throw new PkiException("The certificate data holds a PEM block that is not a certificate.");
        if (blocks.Count > MaxCertificates)
            throw new PkiException($"The certificate data holds {blocks.Count} certificates: more than {MaxCertificates} are not read.");
        return [.. blocks.Select(block => IssuedCertificate.Parse(block.Data))];
    }

    public static byte[] Write(IEnumerable<IssuedCertificate> certificates) =>
        [.. certificates.SelectMany(certificate => PemWriter.Write(PemLabels.Certificate, certificate.Der.Span))];
}
