using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CertOperator.Acme.Jose;

/// <summary>Ties a new account to one that the CA already knows (RFC 8555 section 7.3.4).</summary>
public sealed class ExternalAccountBinding
{
    private const int MinKey = 16;
    private const int MaxText = 4096;

    private readonly byte[] _key;
    private readonly string _algorithm;

    /// <param name="keyId">The identifier that the CA gave out.</param>
    /// <param name="macKey">The MAC key that the CA gave out, as it shows it: base64url or base64, padded or not, blanks around it.</param>
    /// <param name="algorithm">HS256, HS384 or HS512.</param>
    /// <exception cref="ArgumentException">The credentials cannot be used. The message holds nothing of the MAC key.</exception>
    public ExternalAccountBinding(string keyId, string macKey, string algorithm = "HS256")
    {
        if (string.IsNullOrWhiteSpace(keyId)) throw new ArgumentException("The key ID of the external account is empty.", nameof(keyId));
        if (algorithm is not ("HS256" or "HS384" or "HS512")) throw new ArgumentException("The algorithm of an external account binding is HS256, HS384 or HS512.", nameof(algorithm));
        KeyId = keyId.Trim();
        _algorithm = algorithm;
        _key = Decode(macKey) ?? throw new ArgumentException("The MAC key of the external account is neither base64url nor base64: copy it as the CA shows it.", nameof(macKey));
        if (_key.Length < MinKey)
            throw new ArgumentException($"The MAC key of the external account has only {_key.Length} octets: part of it may be missing, or it was encoded twice.", nameof(macKey));
    }

    public string KeyId { get; }

    /// <summary>The inner JWS: the account's public key, authenticated for one address.</summary>
    internal byte[] Sign(AccountKey account, Uri newAccount)
        => Jws.Authenticate(_algorithm, KeyId, newAccount, Encoding.UTF8.GetBytes(account.PublicJwk), Authenticate);

    private byte[] Authenticate(byte[] input) => _algorithm switch
    {
        "HS384" => HMACSHA384.HashData(_key, input),
        "HS512" => HMACSHA512.HashData(_key, input),
        _ => HMACSHA256.HashData(_key, input),
    };

    private static byte[]? Decode(string text)
    {
        if (text.Length > MaxText) return null;
        var bare = text.Trim().TrimEnd('=').Replace('+', '-').Replace('/', '_');
        if (bare.AsSpan().ContainsAnyExcept(Base64UrlText.Characters)) return null;
        try
        {
            return Base64Url.DecodeFromChars(bare);
        }
        catch (FormatException)
        {
            return null; // A length that no octets have, or bits left over.
        }
    }
}
