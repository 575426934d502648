using System.Buffers;
using System.Net;

namespace CertOperator.Acme.Orders;

/// <summary>What no CA on earth issues for, told before a request is spent on it.</summary>
public static class IdentifierRules
{
    private const int MaxName = 253;
    private const int MaxLabel = 63;
    private const int MaxShown = 80;

    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>One sentence that names the identifier; null when it is well.</summary>
    public static string? Problem(Identifier identifier) => identifier.Type switch
    {
        Identifier.DnsType => DnsProblem(identifier.WithoutWildcard.Value) is { } problem ? $"The DNS name \"{Shown(identifier.Value)}\" {problem}." : null,
        Identifier.IpType => IsCanonicalAddress(identifier.Value) ? null : $"The IP address \"{Shown(identifier.Value)}\" is not in its canonical form.",
        _ => $"Identifiers of type \"{Shown(identifier.Type)}\" are not supported.",
    };

    private static string? DnsProblem(string name)
    {
        if (name.Length == 0) return "is empty";
        if (name.Length > MaxName) return $"has {name.Length} characters: at most {MaxName} are allowed";
        if (IPAddress.TryParse(name, out _)) return "is an IP address: ask for it as one";
        if (name.EndsWith('.')) return "ends with a dot: leave the dot out";
        return name.Split('.').Select(LabelProblem).OfType<string>().FirstOrDefault();
    }

    private static string? LabelProblem(string label)
    {
        if (label.Length == 0) return "has an empty label";
        if (label.Length > MaxLabel) return $"has a label of {label.Length} characters: at most {MaxLabel} are allowed";
        if (label.Contains('*', StringComparison.Ordinal)) return "has a wildcard that is not its whole leftmost label";
        if (label.AsSpan().ContainsAnyExcept(LabelCharacters)) return "has a character other than a to z, 0 to 9 and the hyphen: write it in lower case, in its punycode form";
        return label.StartsWith('-') || label.EndsWith('-') ? "has a label that begins or ends with a hyphen" : null;
    }

    private static bool IsCanonicalAddress(string text)
        => IPAddress.TryParse(text, out var address) && address.ToString() == text && !text.Contains('%', StringComparison.Ordinal);

    private static string Shown(string text) => Errors.PrintableText.Clean(text, MaxShown);
}
