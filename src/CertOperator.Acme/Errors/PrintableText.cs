using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace CertOperator.Acme.Errors;

/// <summary>Makes words from a CA fit for a status, an event and a log: one printable line of bounded length and single spaces, without key authorizations.</summary>
internal static partial class PrintableText
{
    public const int MaxDetail = 1024;

    private const string Cut = "…";

    public static string Clean(string text, int maxLength = MaxDetail)
    {
        // Nothing beyond this is looked at, so a huge detail costs little; an authorization cut in half here is beyond the final cut.
        var head = text.Length > 4 * maxLength ? text[..(4 * maxLength)] : text;
        var line = new StringBuilder(Math.Min(head.Length, 4 * maxLength));
        foreach (var rune in head.EnumerateRunes()) Append(line, rune);
        var clean = KeyAuthorization().Replace(line.ToString(), "[key authorization]").Trim();
        return clean.Length <= maxLength ? clean : Shorten(clean, maxLength) + Cut;
    }

    /// <summary>Sentences one after the other; those that say nothing are left out.</summary>
    public static string Sentences(IEnumerable<string> sentences, int maxLength = MaxDetail)
        => Clean(string.Join(' ', sentences.Where(sentence => sentence.Length > 0)), maxLength);

    private static void Append(StringBuilder line, Rune rune)
    {
        if (IsPrintable(rune) && rune.Value != ' ') line.Append(rune);
        else if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private static string Shorten(string text, int maxLength)
    {
        var end = maxLength - Cut.Length;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)];
    }

    [GeneratedRegex("[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{43}", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex KeyAuthorization();
}
