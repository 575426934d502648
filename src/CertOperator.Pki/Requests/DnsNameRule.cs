using System.Buffers;
using System.Globalization;

namespace CertOperator.Pki.Requests;

/// <summary>
/// DNS names as RFC 5280 section 4.2.1.6 wants them: the preferred syntax of RFC 1034 section 3.5 with RFC 1123 section 2.1, in ASCII, with a
/// wildcard only as the whole leftmost label (RFC 9525 section 6.3).
/// </summary>
internal static class DnsNameRule
{
    private const int MaxNameLength = 253;
    private const int MaxLabelLength = 63;
    private const int MaxWrittenLength = 1024;

    private static readonly SearchValues<char> LabelCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>One sentence, or null when the name is well.</summary>
    public static string? Problem(string name)
    {
        if (name.Length > MaxWrittenLength)
            return $"A DNS name that begins with {Quote.Of(name[..MaxLabelLength])} has {name.Length} characters: at most {MaxNameLength} are allowed.";
        return WholeProblem(name) ?? name.Split('.').Select((label, index) => LabelProblem(name, label, index)).OfType<string>().FirstOrDefault();
    }

    private static string? WholeProblem(string name)
    {
        if (name.Length == 0)
            return "A DNS name is empty.";
        if (!name.All(char.IsAscii))
            return NotAscii(name);
        if (IpText.TryParse(name, out _))
            return $"The DNS name {Quote.Of(name)} is an IP address: put it under ipAddresses.";
        if (name.EndsWith('.'))
            return $"The DNS name {Quote.Of(name)} ends with a dot: leave the dot out.";
        if (name.Length > MaxNameLength)
            return $"The DNS name {Quote.Of(name)} has {name.Length} characters: at most {MaxNameLength} are allowed.";
        if (name == "*")
            return "The DNS name \"*\" is a wildcard for everything: put it before a domain, as in *.example.org.";
        return name[(name.LastIndexOf('.') + 1)..].All(char.IsAsciiDigit)
            ? $"The DNS name {Quote.Of(name)} ends in a number: no domain does."
            : null;
    }

    private static string? LabelProblem(string name, string label, int index)
    {
        if (label == "*" && index == 0)
            return null;
        if (label.Contains('*', StringComparison.Ordinal))
            return $"The DNS name {Quote.Of(name)} has a wildcard that is not its whole leftmost label: only *.example.org is possible.";
        if (label.Length == 0)
            return $"The DNS name {Quote.Of(name)} has an empty label: it begins with a dot or has two in a row.";
        if (label.Length > MaxLabelLength)
            return $"The DNS name {Quote.Of(name)} has a label of {label.Length} characters: at most {MaxLabelLength} are allowed.";
        if (label.AsSpan().IndexOfAnyExcept(LabelCharacters) is >= 0 and var wrong)
            return $"The DNS name {Quote.Of(name)} has the character {Quote.Of(label[wrong..(wrong + 1)])}: only letters, digits and hyphens are allowed.";
        if (label.StartsWith('-') || label.EndsWith('-'))
            return $"The DNS name {Quote.Of(name)} has the label {Quote.Of(label)}, which begins or ends with a hyphen.";
        return label.StartsWith("xn--", StringComparison.OrdinalIgnoreCase) && ToUnicode(label) is null
            ? $"The DNS name {Quote.Of(name)} has the label {Quote.Of(label)}, which is not valid punycode (RFC 3492)."
            : null;
    }

    // No normalization is at hand without ICU, so a name with combining marks gets no suggestion that might be wrong.
    private static string NotAscii(string name)
    {
        var hasMarks = name.Any(c => CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);
        var suggestion = hasMarks ? null : ToAscii(name.ToLowerInvariant());
        return suggestion is null
            ? $"The DNS name {Quote.Of(name)} is not ASCII: write it in its punycode form, which begins with xn--."
            : $"The DNS name {Quote.Of(name)} is not ASCII: write it as {Quote.Of(suggestion)}.";
    }

    private static string? ToAscii(string name)
    {
        var wildcard = name.StartsWith("*.", StringComparison.Ordinal) ? "*." : "";
        try
        {
            return wildcard + Idn.GetAscii(name[wildcard.Length..]);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string? ToUnicode(string label)
    {
        try
        {
            var unicode = Idn.GetUnicode(label);
            return unicode.All(char.IsAscii) || unicode.Any(char.IsControl) ? null : unicode;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
