namespace CertOperator.Pki.Chains;

/// <summary>Puts certificates into the order in which they are served.</summary>
public static class ChainBuilder
{
    /// <summary>
    /// Finds the leaf, then the shortest way up to an anchor: one of those given or, where none is given, any self-signed certificate.
    /// Without an anchor in reach it is the longest way up. What is on no such way is left out, as are duplicates and the anchor.
    /// </summary>
    /// <param name="certificates">In any order, at most <see cref="Formats.Pem.MaxCertificates"/>.</param>
    /// <param name="anchors">Trusted certificates, self-signed or not.</param>
    /// <param name="leafPublicKeyInfo">The key whose certificate is the leaf; else it is the one that issued none of the others.</param>
    /// <exception cref="PkiException">There is no certificate, too many, none for the key, or no single leaf.</exception>
    public static CertificateChain Build(
        IReadOnlyList<IssuedCertificate> certificates,
        IReadOnlyList<IssuedCertificate>? anchors = null,
        ReadOnlySpan<byte> leafPublicKeyInfo = default)
    {
        if (certificates.Count is 0 or > Formats.Pem.MaxCertificates)
            throw new PkiException($"A chain has from 1 to {Formats.Pem.MaxCertificates} certificates: {certificates.Count} were given.");
        var distinct = certificates.DistinctBy(certificate => certificate.Fingerprint).ToList();
        var leaf = leafPublicKeyInfo.IsEmpty ? OnlyLeaf(distinct) : LeafFor(distinct, leafPublicKeyInfo);
        return new ChainSearch(distinct, anchors ?? []).From(leaf);
    }

    private static IssuedCertificate LeafFor(List<IssuedCertificate> certificates, ReadOnlySpan<byte> publicKeyInfo)
    {
        foreach (var certificate in certificates)
        {
            if (certificate.HasSameKeyAs(publicKeyInfo))
                return certificate;
        }
        throw new PkiException("None of the certificates belongs to the private key.");
    }

    private static IssuedCertificate OnlyLeaf(List<IssuedCertificate> certificates)
    {
        var leaves = certificates
            .Where(certificate => !certificates.Any(other => other != certificate && other.IsSignedBy(certificate)))
            .ToList();
        return leaves.Count switch
        {
            1 => leaves[0],
            0 => throw new PkiException("The certificates sign each other in a circle: none is the leaf."),
            _ => throw new PkiException($"The certificates hold {leaves.Count} leaves, {leaves[0]} and {leaves[1]} among them: keep the certificates of one chain only."),
        };
    }
}
