using System.Text;
using System.Text.RegularExpressions;

namespace CertOperator.Runtime.Client.Http;

/// <summary>
/// Makes words from the network fit to be printed. Servers, proxies and admission webhooks may echo what they were
/// sent, and that can be a Secret or a token.
/// </summary>
public static partial class ServerText
{
    private const int MaxLength = 1024;
    private const string Redacted = "[redacted]";

    /// <summary>One printable line of bounded length, without PEM, without anything that looks like key material, and without the given secrets.</summary>
    public static string Clean(string text, IEnumerable<string> secrets)
    {
        foreach (var secret in secrets) text = text.Replace(secret, Redacted, StringComparison.Ordinal);
        text = LongRun().Replace(Pem().Replace(text, Redacted), run => IsWord(run.Value) ? run.Value : Redacted);
        var line = new StringBuilder(Math.Min(text.Length, MaxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= MaxLength) return line.Append('…').ToString();
            if (Rune.IsControl(rune) || Rune.IsWhiteSpace(rune)) Space(line);
            else line.Append(rune.ToString());
        }

        return line.ToString().TrimEnd();
    }

    // Names of kinds are letters only; of base64 as long as that, one in 700 is, and nothing longer is let through.
    private static bool IsWord(string run) => run.Length < 64 && !run.AsSpan().ContainsAnyInRange('+', '9') && !run.Contains('=', StringComparison.Ordinal);

    private static void Space(StringBuilder line)
    {
        if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
    }

    [GeneratedRegex("-----BEGIN.*?(-----END[^-]*-----|$)", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Pem();

    // 24 bytes of base64: shorter than any key, longer than most words of a message.
    [GeneratedRegex("[A-Za-z0-9+/_=]{32,}", RegexOptions.NonBacktracking)]
    private static partial Regex LongRun();
}
