namespace CertOperator.Challenges.Dns.Wire;

/// <summary>Domain names as text: lower case, without the dot at the end; the root is empty.</summary>
internal static class DnsNames
{
    /// <summary>Octets of a name on the wire (RFC 1035, 3.1).</summary>
    public const int MaxLength = 255;

    public const int MaxLabel = 63;

    /// <summary>The usual form of a name that a user or a server wrote.</summary>
    /// <exception cref="DnsFormatException">It is too long, has an empty label, or holds what no host name holds.</exception>
    public static string Normalize(string name)
    {
        string normal = name.EndsWith('.') ? name[..^1].ToLowerInvariant() : name.ToLowerInvariant();
        return IsName(normal) ? normal : throw new DnsFormatException($"\"{Shown(normal)}\" is no domain name.");
    }

    /// <summary>Whether a name is a zone's apex or below it.</summary>
    public static bool IsWithin(string name, string zone)
        => zone.Length == 0 || name == zone || (name.EndsWith(zone, StringComparison.Ordinal) && name[^(zone.Length + 1)] == '.');

    /// <summary>The part of a name before its zone; empty at the apex.</summary>
    public static string Relative(string name, string zone)
        => IsWithin(name, zone) && name.Length > zone.Length
            ? name[..^(zone.Length == 0 ? 0 : zone.Length + 1)]
            : "";

    /// <summary>The name, its parent, and so on; without the root.</summary>
    public static IEnumerable<string> Upward(string name)
    {
        for (string rest = name; rest.Length > 0; rest = Parent(rest))
            yield return rest;
    }

    private static string Parent(string name) => name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? name[(dot + 1)..] : "";

    private static bool IsName(string name)
        => name.Length is > 0 and < MaxLength - 1
            && name.Split('.').All(label => label.Length is > 0 and <= MaxLabel && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_'));

    private static string Shown(string name) => name.Length > 64 ? name[..64] + "…" : name;
}
