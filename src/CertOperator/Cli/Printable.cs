using System.Globalization;
using System.Text;

namespace CertOperator.Cli;

/// <summary>Words of others made fit for a terminal, which control characters would steer and bidirectional ones would reorder.</summary>
internal static class Printable
{
    /// <summary>One line: line feeds become spaces, whatever cannot be seen a question mark.</summary>
    public static string Line(string text)
    {
        if (!text.Any(IsUnfit))
            return text;
        var line = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t')
                line.Append(' ');
            else if (rune.Value != '\r')
                line.Append(IsHidden(Rune.GetUnicodeCategory(rune)) ? "?" : rune.ToString());
        }

        return line.ToString();
    }

    private static bool IsUnfit(char letter) => char.IsSurrogate(letter) || IsHidden(char.GetUnicodeCategory(letter));

    private static bool IsHidden(UnicodeCategory category) => category is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse;
}
