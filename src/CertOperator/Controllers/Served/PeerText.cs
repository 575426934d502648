namespace CertOperator.Controllers.Served;

/// <summary>Words of a peer for a status: few, and nothing but what can be seen.</summary>
internal static class PeerText
{
    private const int Longest = 100;

    public static string Of(string text)
    {
        string shown = string.Concat(text.Take(Longest).Select(letter => char.IsLetterOrDigit(letter) || char.IsPunctuation(letter) || char.IsSymbol(letter) || letter == ' ' ? letter : '?'));
        return text.Length > Longest ? shown + "…" : shown;
    }
}
