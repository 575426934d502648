using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CertOperator.Acme.Accounts;
using CertOperator.Acme.Orders;
using CertOperator.Acme.Protocol;

namespace CertOperator.Acme.Challenges;

/// <summary>
/// Experimental: a TXT record that stays and validates for as long as it stands (draft-ietf-acme-dns-persist). Versions 00 and 01 name the
/// account by its URL; version 02 by a hash, whose prefix the directory then tells. Who holds the account's key can then have certificates
/// for the name: never remove such a record automatically, and guard that key.
/// </summary>
public static class DnsPersist01
{
    private const string Label = "_validation-persist";
    private const int MaxIssuers = 10;

    /// <summary>The record that validates a challenge; null if the challenge names no issuer that a record can be made for.</summary>
    /// <param name="identifier">For a wildcard the record says so, and then holds for all names below.</param>
    /// <param name="challenge">As the CA sent it.</param>
    /// <param name="directory">Tells which version of the draft the CA follows.</param>
    /// <param name="account">Who is to be trusted.</param>
    /// <param name="until">When the record ends; null for never.</param>
    public static TxtRecord? Of(Identifier identifier, Challenge challenge, AcmeDirectory directory, AcmeAccount account, DateTimeOffset? until = null)
    {
        if (IssuerOf(challenge) is not { } issuer || !KeyAuthorization.IsToken(account.Key.Thumbprint)) return null;
        var name = identifier.WithoutWildcard.Value;
        var accountUri = HashPrefix(directory) is { } prefix
            ? prefix + AccountHash(name, account.Key.Thumbprint, account.Url)
            : account.Url.OriginalString;
        var value = new StringBuilder($"{issuer}; accounturi={accountUri}");
        if (identifier.IsWildcard) value.Append("; policy=wildcard");
        if (until is { } end) value.Append(CultureInfo.InvariantCulture, $"; persistUntil={end.ToUnixTimeSeconds()}");
        return new TxtRecord($"{Label}.{name}", value.ToString());
    }

    /// <summary>SHA-256 over the lengths and texts of name, thumbprint and account (draft version 02).</summary>
    internal static string AccountHash(string name, string thumbprint, Uri account)
    {
        var text = Encoding.ASCII.GetBytes(name);
        byte[] input = [checked((byte)text.Length), .. text, .. Encoding.ASCII.GetBytes(thumbprint + account.OriginalString)];
        return $"sha-256/{Base64Url.EncodeToString(SHA256.HashData(input))}";
    }

    private static string? HashPrefix(AcmeDirectory directory)
        => directory.Extensions.TryGetValue("accountHashPrefix", out var prefix) && prefix.ValueKind == JsonValueKind.String && IsPlain(prefix.GetString()!)
            ? prefix.GetString()
            : null;

    private static string? IssuerOf(Challenge challenge)
    {
        if (!challenge.Extensions.TryGetValue("issuerDomainNames", out var names) && !challenge.Extensions.TryGetValue("issuer-domain-names", out names)) return null;
        if (names.ValueKind != JsonValueKind.Array || names.GetArrayLength() is 0 or > MaxIssuers) return null;
        return names[0].ValueKind == JsonValueKind.String && IdentifierRules.Problem(Identifier.Dns(names[0].GetString()!)) is null ? names[0].GetString() : null;
    }

    // It becomes part of a record in which semicolons and blanks mean something.
    private static bool IsPlain(string text) => text.Length is > 0 and <= 256 && !text.AsSpan().ContainsAny(" ;\"\\") && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}
