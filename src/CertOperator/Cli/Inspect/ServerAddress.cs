using System.Globalization;

namespace CertOperator.Cli.Inspect;

/// <summary>Host and port of a server.</summary>
internal sealed record ServerAddress(string Host, int Port)
{
    private const int Https = 443;

    /// <summary>Reads <c>host:port</c>, <c>[::1]:443</c> and <c>https://host</c>; null for anything else.</summary>
    public static ServerAddress? Parse(string text)
    {
        if (text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
            return Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) ? new ServerAddress(uri.IdnHost, uri.IsDefaultPort ? Https : uri.Port) : null;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
            return null;
        string host = text[..colon];
        if (host is ['[', .., ']'])
            host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal))
            return null;
        return Uri.CheckHostName(host) is UriHostNameType.Unknown ? null : new ServerAddress(host, port);
    }

    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
