using System.Text;

namespace CertOperator.Cli.Chains;

/// <summary>A chain link by link, the leaf first. Pure.</summary>
internal static class ChainText
{
    private const int NamesShown = 20;

    public static string Format(IReadOnlyList<ChainLink> links, DateTimeOffset now, Palette palette)
    {
        var text = new StringBuilder();
        for (int place = 0; place < links.Count; place++)
            Append(text, place, links[place], now, palette);
        return text.ToString();
    }

    private static void Append(StringBuilder text, int place, ChainLink link, DateTimeOffset now, Palette palette)
    {
        string title = $"{place}  {Printable.Line(Title(link))}";
        text.Append(palette.Paint(title, Tone.Strong)).Append("  ").Append(Role(place, link)).Append('\n');
        if (!link.IsSelfSigned)
            Field(text, "issued by", link.Issuer);
        if (link.Names.Count > 0)
            Field(text, "names", Names(link.Names));
        Field(text, "valid", $"{Times.Minute(link.NotBefore)} to {Times.Minute(link.NotAfter)} ", palette.Paint($"({Validity(link, now)})", ToneOf(link, now)));
        Field(text, "key", $"{link.Key}, signed by {link.Signature}");
        Field(text, "serial", link.SerialNumber);
        Field(text, "SHA-256", link.Fingerprint);
    }

    /// <summary>Certificates of ACME servers have no subject, only names.</summary>
    private static string Title(ChainLink link) => link.Subject.Length > 0 ? link.Subject : link.Names.Count > 0 ? link.Names[0] : "without a name";

    private static void Field(StringBuilder text, string name, string value, string painted = "")
        => text.Append("   ").Append(name.PadRight(12)).Append(Printable.Line(value)).Append(painted).Append('\n');

    private static string Role(int place, ChainLink link) => (place, link) switch
    {
        (_, { IsSelfSigned: true, IsCa: true }) => "(root)",
        (_, { IsSelfSigned: true }) => "(self-signed)",
        (_, { IsCa: true }) => "(CA)",
        (0, _) => "(leaf)",
        _ => "(no CA)",
    };

    private static string Names(IReadOnlyList<string> names)
        => string.Join(", ", names.Take(NamesShown)) + (names.Count > NamesShown ? $" and {names.Count - NamesShown} more" : "");

    private static string Validity(ChainLink link, DateTimeOffset now)
        => now < link.NotBefore ? $"not before {Times.Distance(link.NotBefore, now)}"
        : now > link.NotAfter ? $"expired {Times.Distance(link.NotAfter, now)}"
        : $"{Times.Span(link.NotAfter - now)} left";

    private static Tone ToneOf(ChainLink link, DateTimeOffset now) => now < link.NotBefore || now > link.NotAfter ? Tone.Bad : Tone.Good;
}
