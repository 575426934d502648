using System.Buffers;

namespace CertOperator.Acme.Jose;

/// <summary>The alphabet of base64url without padding (RFC 4648 section 5).</summary>
internal static class Base64UrlText
{
    public static readonly SearchValues<char> Characters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}
