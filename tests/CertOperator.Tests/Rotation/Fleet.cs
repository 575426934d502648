using CertOperator.Controllers;

namespace CertOperator.Rotation;

/// <summary>The certificates of a simulated year.</summary>
/// <param name="Name">Of the group.</param>
/// <param name="Count">How many.</param>
/// <param name="Issuer">Who signs them.</param>
/// <param name="More">Of their spec: lifetime or profile.</param>
internal sealed record Fleet(string Name, int Count, string Issuer, string More)
{
    /// <summary>
    /// A thousand. The fifty-three of six days are most of all renewals; those of ten years are not renewed in one year.
    /// </summary>
    public static readonly IReadOnlyList<Fleet> All =
    [
        new("internal-6d", 47, "ca", "duration: 144h"),
        new("internal-45d", 120, "ca", "duration: 1080h"),
        new("internal-90d", 150, "ca", "duration: 2160h"),
        new("internal-1y", 300, "ca", "duration: 8760h"),
        new("internal-10y", 282, "ca", "duration: 87600h"),
        new("public-6d", 6, "acme", "profile: shortlived"),
        new("public-45d", 33, "acme", "profile: tlsserver"),
        new("public-90d", 60, "acme", "profile: classic"),
        new("advised-90d", 2, "advising", "profile: classic"),
    ];

    /// <summary>All of them in the order in which they are made: each group evenly.</summary>
    public static IEnumerable<string> Manifests
        => All.SelectMany(fleet => Enumerable.Range(0, fleet.Count).Select(number => (At: (number + 0.5) / fleet.Count, Text: fleet.Manifest(number))))
            .OrderBy(entry => entry.At)
            .Select(entry => entry.Text);

    /// <summary>Manifest and name of the n-th; the public ones share two registered domains.</summary>
    private string Manifest(int number)
        => Samples.Certificate($"{Name}-{number}", More, Issuer)
            .Replace($"{Name}-{number}.example.com", $"{Name}-{number}.shop-{number % 2}.example", StringComparison.Ordinal);
}
