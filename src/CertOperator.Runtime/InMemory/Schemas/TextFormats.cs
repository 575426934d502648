using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Text.RegularExpressions;

namespace CertOperator.Runtime.InMemory.Schemas;

/// <summary>The <c>format</c>s of strings that the API server checks and that schemas of operators use.</summary>
internal static partial class TextFormats
{
    /// <summary>An unknown format fits anything, as at the API server.</summary>
    public static bool Fits(string text, string format) => format switch
    {
        "date-time" => DateTime().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "duration" => Duration().IsMatch(text),
        "ipv4" => text.Contains('.', StringComparison.Ordinal) && IPAddress.TryParse(text, out _),
        "ipv6" => text.Contains(':', StringComparison.Ordinal) && IPAddress.TryParse(text, out _),
        "cidr" => text.Contains('/', StringComparison.Ordinal) && IPAddress.TryParse(text.Split('/')[0], out _),
        "hostname" => text.Length <= 255 && Hostname().IsMatch(text),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        "email" => MailAddress.TryCreate(text, out _),
        "byte" => Convert.TryFromBase64String(text, new byte[text.Length], out _),
        "uuid" => Guid.TryParseExact(text, "D", out _),
        _ => true,
    };

    [GeneratedRegex(@"\A\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})\z")]
    private static partial Regex DateTime();

    [GeneratedRegex(@"\A-?([0-9]+(\.[0-9]*)?(ns|us|µs|ms|s|m|h|d|w))+\z|\A0\z")]
    private static partial Regex Duration();

    [GeneratedRegex(@"\A([A-Za-z0-9_]([A-Za-z0-9_-]{0,62}[A-Za-z0-9_])?)(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}[A-Za-z0-9_])?)*\.?\z")]
    private static partial Regex Hostname();
}
