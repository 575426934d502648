using System.Text;

namespace CertOperator.Runtime.Objects;

/// <summary>Text of bounded size.</summary>
public static class Utf8
{
    /// <summary>The text, cut with an ellipsis so that it has no more than this many bytes in UTF-8.</summary>
    public static string Cut(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
            return text;
        const char Ellipsis = '…';
        var left = bytes - new Rune(Ellipsis).Utf8SequenceLength;
        var cut = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            left -= rune.Utf8SequenceLength;
            if (left < 0)
                break;
            cut.Append(rune.ToString());
        }

        return cut.Append(Ellipsis).ToString();
    }
}
