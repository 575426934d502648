using CertOperator.Pki.Formats;

namespace CertOperator.Pki.Chains;

/// <param name="Leaf">The certificate that the chain is for.</param>
/// <param name="Intermediates">Each signs the one before it; the first signs the leaf.</param>
/// <param name="Anchor">What signs the last of them, where it is known; the leaf itself when that is self-signed.</param>
public sealed record CertificateChain(IssuedCertificate Leaf, IReadOnlyList<IssuedCertificate> Intermediates, IssuedCertificate? Anchor)
{
    /// <summary>Leaf and intermediates, as they are served and stored: without the anchor.</summary>
    public IReadOnlyList<IssuedCertificate> Certificates => [Leaf, .. Intermediates];

    public byte[] ToPem() => Pem.Write(Certificates);
}
