using CertOperator.Cli.Chains;

namespace CertOperator.Cli.Inspect;

/// <summary>What is told of a chain, wherever it was found.</summary>
internal sealed record Inspection(string Source, IReadOnlyList<Fact> Facts, IReadOnlyList<ChainLink> Chain, IReadOnlyList<Finding> Findings)
{
    public static Inspection Of(Material material, DateTimeOffset now) => new(
        material.Source,
        [.. material.Facts, .. KeyFact(material), .. TrustFact(material, now)],
        [.. material.Certificates.Select(ChainLink.Of)],
        material.Judge(now));

    private static IEnumerable<Fact> KeyFact(Material material)
    {
        if (material.Key is not { } key)
            yield break;
        string kind = ChainLink.KeyText(key.Algorithm, key.Size);
        if (material.Certificates.Count == 0)
            yield return new Fact("Private key", kind);
        else
            yield return new Fact("Private key", $"{kind}, {(material.Certificates[0].HasSameKeyAs(key.PublicKeyInfo) ? "matches the certificate" : "does not match the certificate")}");
    }

    private static IEnumerable<Fact> TrustFact(Material material, DateTimeOffset now)
    {
        if (material is { Anchors.Count: > 0, AnchorsFrom: { } from })
            yield return new Fact("Trust", $"{(material.Judge(now).Count == 0 ? "verified by" : "not verified by")} {from}");
    }
}
