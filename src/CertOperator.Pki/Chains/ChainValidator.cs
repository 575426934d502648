namespace CertOperator.Pki.Chains;

/// <summary>Holds a chain, as it is stored or served, against what was asked for (RFC 5280 section 6.1, without policies and revocation).</summary>
public static class ChainValidator
{
    /// <param name="certificates">Leaf first, each followed by its issuer.</param>
    /// <param name="requirements">What was asked for.</param>
    /// <param name="now">When it must be valid.</param>
    /// <returns>All problems, those of the leaf first; none: the chain may be used.</returns>
    /// <exception cref="PkiException">There is no certificate, there are more than a chain may have, or a usage asked for is not known.</exception>
    public static IReadOnlyList<ChainProblem> Validate(
        IReadOnlyList<IssuedCertificate> certificates, ChainRequirements requirements, DateTimeOffset now)
    {
        if (certificates.Count is 0 or > Formats.Pem.MaxCertificates)
            throw new PkiException($"A chain has from 1 to {Formats.Pem.MaxCertificates} certificates: {certificates.Count} were given.");
        var end = ChainEnd.Of(certificates, requirements.Anchors);
        IReadOnlyList<IssuedCertificate> path = end.Anchor is { } anchor ? [.. certificates, anchor] : certificates;
        return
        [
            .. LeafCheck.Problems(certificates[0], requirements),
            .. path.SelectMany((certificate, index) => CertificateCheck.Problems(certificate, isAnchor: index == path.Count - 1, now)),
            .. LinkCheck.Problems(path, requirements),
            .. end.Problems,
        ];
    }
}
