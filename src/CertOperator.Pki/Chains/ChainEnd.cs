namespace CertOperator.Pki.Chains;

/// <summary>How a chain ends: the anchor above its last certificate, unless that is the anchor itself or none is known, and what is wrong there.</summary>
internal sealed record ChainEnd(IssuedCertificate? Anchor, IReadOnlyList<ChainProblem> Problems)
{
    public static ChainEnd Of(IReadOnlyList<IssuedCertificate> certificates, IReadOnlyList<IssuedCertificate> anchors)
    {
        var last = certificates[^1];
        var carriesRoot = certificates.Count > 1 && last.IsSelfSigned
            ? new ChainProblem(ChainProblemCode.CarriesRoot, $"The chain carries its root, the certificate {last}: clients must have it already, so leave it out.", last)
            : null;
        var (anchor, untrusted) = Trust(last, anchors);
        return new ChainEnd(anchor, [.. new[] { carriesRoot, untrusted }.OfType<ChainProblem>()]);
    }

    private static (IssuedCertificate? Anchor, ChainProblem? Problem) Trust(IssuedCertificate last, IReadOnlyList<IssuedCertificate> anchors)
    {
        if (anchors.Count == 0 || anchors.Any(anchor => anchor.Der.Span.SequenceEqual(last.Der.Span)))
            return (null, null);
        if (last.IsSelfSigned)
            return (null, new(
                ChainProblemCode.UntrustedAnchor,
                $"The chain ends in the self-signed certificate {last}, which is not trusted.",
                last));
        if (anchors.FirstOrDefault(last.IsSignedBy) is { } issuer)
            return (issuer, null);
        return (null, new(
            ChainProblemCode.IncompleteChain,
            $"The chain ends at the certificate {last}: its issuer {Quote.Of(last.Issuer.ToString())} is neither in the chain nor trusted.",
            last));
    }
}
