using CertOperator.Pki.Requests;

namespace CertOperator.Pki.Chains;

/// <summary>Each certificate of a path against those above it.</summary>
internal static class LinkCheck
{
    /// <param name="path">Leaf first, up to and with the anchor where it is known.</param>
    /// <param name="asked">For the usages that every CA must allow.</param>
    public static IEnumerable<ChainProblem> Problems(IReadOnlyList<IssuedCertificate> path, ChainRequirements asked)
    {
        var usages = KeyUsageNames.Parse(asked.Usages).ExtendedKeyUsages;
        return path.Zip(path.Skip(1)).SelectMany(link => SignatureProblems(link.First, link.Second, path))
            .Concat(path.Skip(1).SelectMany(ca => CaProblems(ca, usages)))
            .Concat(path.SelectMany((ca, index) => PathLengthProblems(ca, path.Take(index))))
            .Concat(path.SelectMany((ca, index) => NameProblems(ca, path.Take(index))));
    }

    private static IEnumerable<ChainProblem> SignatureProblems(
        IssuedCertificate certificate, IssuedCertificate next, IReadOnlyList<IssuedCertificate> path)
    {
        if (certificate.IsSignedBy(next))
            yield break;
        if (certificate.Issuer.Equals(next.Subject))
            yield return new(
                ChainProblemCode.BadSignature,
                $"The signature of the certificate {certificate} is not by the key of {next}, which has its issuer's name.",
                certificate);
        else if (path.Any(other => other != certificate && certificate.IsSignedBy(other)))
            yield return new(
                ChainProblemCode.OutOfOrder,
                $"The certificate {certificate} is followed by {next}: its issuer stands elsewhere in the chain.",
                certificate);
        else
            yield return new(
                ChainProblemCode.IncompleteChain,
                $"The certificate {certificate} is followed by {next}: its issuer {Quote.Of(certificate.Issuer.ToString())} is not in the chain.",
                certificate);
    }

    private static IEnumerable<ChainProblem> CaProblems(IssuedCertificate ca, IReadOnlyList<string> usages)
    {
        if (!ca.IsCa)
            yield return new(ChainProblemCode.IssuerNotCa, $"The certificate {ca} signs others but is not a CA.", ca);
        else if (ca.KeyUsages is { } bits && !bits.HasFlag(KeyUsages.CertSign))
            yield return new(
                ChainProblemCode.IssuerNotCa,
                $"The CA certificate {ca} may not sign certificates: its key usage lacks \"cert sign\".",
                ca);
        // Not in RFC 5280, yet every TLS library takes a CA's extended key usages as a bound on those below it.
        if (ca.ExtendedKeyUsages.Count == 0 || ca.ExtendedKeyUsages.Contains(Oids.AnyExtendedKeyUsage))
            yield break;
        foreach (var oid in usages.Except(ca.ExtendedKeyUsages))
            yield return new(
                ChainProblemCode.WrongUsage,
                $"The CA certificate {ca} does not allow the usage \"{KeyUsageNames.NameOf(oid)}\" below it.",
                ca);
    }

    // RFC 5280 section 4.2.1.9: the leaf and self-issued certificates do not count.
    private static IEnumerable<ChainProblem> PathLengthProblems(IssuedCertificate ca, IEnumerable<IssuedCertificate> below)
    {
        var count = below.Skip(1).Count(certificate => !certificate.Issuer.Equals(certificate.Subject));
        if (ca.PathLength is { } allowed && count > allowed)
            yield return new(
                ChainProblemCode.PathLengthExceeded,
                $"The CA certificate {ca} allows {allowed} CAs below it: the chain has {count}.",
                ca);
    }

    private static IEnumerable<ChainProblem> NameProblems(IssuedCertificate ca, IEnumerable<IssuedCertificate> below) =>
        from certificate in below.Where((certificate, index) => index == 0 || !certificate.Issuer.Equals(certificate.Subject))
        from violation in NameConstraintCheck.Violations(ca, certificate.Names)
        select new ChainProblem(ChainProblemCode.NameConstraintViolated, violation, certificate);
}
