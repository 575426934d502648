namespace CertOperator.Pki;

/// <summary>Text of others for a message: in quotation marks, on one line, of bounded length.</summary>
internal static class Quote
{
    private const int MaxLength = 300;

    public static string Of(string text)
    {
        var shown = text.Length > MaxLength ? text[..MaxLength] + "…" : text;
        return $"\"{string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c))}\"";
    }
}
