using CertOperator.Pki.Requests;

namespace CertOperator.Pki.Chains;

/// <summary>The leaf against what was asked for.</summary>
internal static class LeafCheck
{
    public static IEnumerable<ChainProblem> Problems(IssuedCertificate leaf, ChainRequirements asked)
    {
        if (!asked.PublicKeyInfo.IsEmpty && !leaf.HasSameKeyAs(asked.PublicKeyInfo.Span))
            yield return new(ChainProblemCode.KeyMismatch, $"The certificate {leaf} is for another key than the private key.", leaf);
        foreach (var name in leaf.Names.Missing(asked.Names))
            yield return new(ChainProblemCode.MissingName, $"The certificate {leaf} lacks the name \"{name}\" that was asked for.", leaf);
        if (!leaf.ExtendedKeyUsages.Contains(Oids.AnyExtendedKeyUsage))
        {
            foreach (var oid in KeyUsageNames.Parse(asked.Usages).ExtendedKeyUsages.Except(leaf.ExtendedKeyUsages))
                yield return new(
                    ChainProblemCode.WrongUsage,
                    $"The certificate {leaf} lacks the usage \"{KeyUsageNames.NameOf(oid)}\" that was asked for.",
                    leaf);
        }
        if (asked.IsCa && !leaf.IsCa)
            yield return new(ChainProblemCode.WrongUsage, $"The certificate {leaf} is not a CA although one was asked for.", leaf);
        if (!asked.IsCa && leaf.IsCa)
            yield return new(ChainProblemCode.WrongUsage, $"The certificate {leaf} is a CA although none was asked for.", leaf);
    }
}
