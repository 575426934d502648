using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using CertOperator.Acme.Jose;

namespace CertOperator.Acme.Challenges;

/// <summary>What proves that the account's owner controls a name (RFC 8555 section 8.1). Pure; nothing of it is a private key.</summary>
public static class KeyAuthorization
{
    // 128 bits in base64url (section 8.3); the upper bound only keeps nonsense out of paths and DNS.
    private const int MinToken = 22;
    private const int MaxToken = 256;

    /// <summary>Whether it is safe in a path: base64url of a sane length.</summary>
    public static bool IsToken(string? token)
        => token is { Length: >= MinToken and <= MaxToken } && !token.AsSpan().ContainsAnyExcept(Base64UrlText.Characters);

    /// <summary>TOKEN.THUMBPRINT.</summary>
    /// <exception cref="ArgumentException">The token is none.</exception>
    public static string Of(string token, string thumbprint)
        => IsToken(token) ? $"{token}.{thumbprint}" : throw new ArgumentException("The token of the challenge is not base64url.", nameof(token));

    internal static byte[] Digest(string token, string thumbprint) => SHA256.HashData(Encoding.ASCII.GetBytes(Of(token, thumbprint)));

    internal static string DigestText(string token, string thumbprint) => Base64Url.EncodeToString(Digest(token, thumbprint));
}
