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
public sealed class DnsPersist01
{
    private const string Label = "_validation-persist";
    private const string AnyDomain = "*";
    private const int MaxIssuers = 10;

    private readonly IReadOnlyList<string> _issuers;
    private readonly AcmeAccount _account;
    private readonly string? _hashPrefix;
    private readonly bool _isForWildcard;
    private readonly bool _coversWildcard;

    private DnsPersist01(Identifier identifier, bool coversWildcard, IReadOnlyList<string> issuers, AcmeAccount account, string? hashPrefix)
    {
        Domain = identifier.WithoutWildcard().Value;
        _isForWildcard = identifier.IsWildcard;
        _coversWildcard = coversWildcard || identifier.IsWildcard;
        _issuers = issuers;
        _account = account;
        _hashPrefix = hashPrefix;
    }

    /// <summary>The domain that is validated, without a wildcard.</summary>
    public string Domain { get; }

    /// <summary>What validates a challenge; null if no record may be made for it.</summary>
    /// <param name="identifier">For a wildcard the record says so, and then holds for all names below.</param>
    /// <param name="challenge">As the CA sent it.</param>
    /// <param name="directory">Tells which version of the draft the CA follows.</param>
    /// <param name="account">Who is to be trusted.</param>
    /// <param name="coversWildcard">Whether the record is to hold for the wildcard too, so that one does for both.</param>
    public static DnsPersist01? Of(Identifier identifier, Challenge challenge, AcmeDirectory directory, AcmeAccount account, bool coversWildcard = false)
        => IssuersOf(challenge) is { } issuers && IsOwn(account, challenge, directory) ? new DnsPersist01(identifier, coversWildcard, issuers, account, HashPrefix(directory)) : null;

    /// <summary>Where the record of a domain is.</summary>
    public static string NameOf(string domain) => $"{Label}.{domain}";

    /// <summary>The record to be set.</summary>
    /// <param name="until">When it ends; null for never.</param>
    public TxtRecord Record(DateTimeOffset? until = null)
    {
        var value = new StringBuilder($"{_issuers[0]}; accounturi={AccountUris(Domain)[0]}");
        if (_coversWildcard) value.Append("; policy=wildcard");
        if (until is { } end) value.Append(CultureInfo.InvariantCulture, $"; persistUntil={end.ToUnixTimeSeconds()}");
        return new TxtRecord(NameOf(Domain), value.ToString());
    }

    /// <summary>Whether a value at the record of a domain validates, and until when.</summary>
    /// <param name="domain">The one that is validated, or one above it, whose record then has to hold for all names below.</param>
    /// <param name="value">The text of a TXT record.</param>
    /// <returns>Null if it does not; <see cref="DateTimeOffset.MaxValue"/> if it never ends.</returns>
    public DateTimeOffset? Match(string domain, string value)
    {
        if (IssueValue.Parse(value) is not { } parsed || !_issuers.Contains(parsed.Issuer, StringComparer.OrdinalIgnoreCase)) return null;
        if (parsed.Find("accounturi") is not { } uri || !AccountUris(domain).Contains(uri)) return null;
        if ((_isForWildcard || domain != Domain) && parsed.Find("policy")?.Equals("wildcard", StringComparison.OrdinalIgnoreCase) != true) return null;
        return parsed.Find("persistUntil") is not { } end ? DateTimeOffset.MaxValue : Time(end);
    }

    /// <summary>SHA-256 over the lengths and texts of name, thumbprint and account (draft version 02).</summary>
    internal static string AccountHash(string name, string thumbprint, Uri account)
    {
        var text = Encoding.ASCII.GetBytes(name);
        byte[] input = [checked((byte)text.Length), .. text, .. Encoding.ASCII.GetBytes(thumbprint + account.OriginalString)];
        return $"sha-256/{Base64Url.EncodeToString(SHA256.HashData(input))}";
    }

    /// <summary>By which words a record may name the account: what is to be written first, then what is as good.</summary>
    private string[] AccountUris(string domain) => _hashPrefix is { } prefix
        ? [prefix + AccountHash(domain, _account.Key.Thumbprint, _account.Url), prefix + AccountHash(AnyDomain, _account.Key.Thumbprint, _account.Url)]
        : [_account.Url.OriginalString];

    /// <summary>
    /// A server may say that somebody's account at another CA is the client's, to have the client let that somebody have certificates: the
    /// account has to be on the server itself, and be the one that the challenge names, if it names one.
    /// </summary>
    private static bool IsOwn(AcmeAccount account, Challenge challenge, AcmeDirectory directory)
        => KeyAuthorization.IsToken(account.Key.Thumbprint)
            && IsPlain(account.Url.OriginalString)
            && AcmeUri.IsSameOrigin(account.Url, directory.Url)
            && (!challenge.Extensions.TryGetValue("accounturi", out var named) || (named.ValueKind == JsonValueKind.String && named.ValueEquals(account.Url.OriginalString)));

    private static string? HashPrefix(AcmeDirectory directory)
        => directory.Extensions.TryGetValue("accountHashPrefix", out var prefix) && prefix.ValueKind == JsonValueKind.String && IsPlain(prefix.GetString()!)
            ? prefix.GetString()
            : null;

    private static string[]? IssuersOf(Challenge challenge)
    {
        if (!challenge.Extensions.TryGetValue("issuerDomainNames", out var names) && !challenge.Extensions.TryGetValue("issuer-domain-names", out names)) return null;
        if (names.ValueKind != JsonValueKind.Array || names.GetArrayLength() is 0 or > MaxIssuers) return null;
        string[] issuers = [.. names.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!.TrimEnd('.').ToLowerInvariant())];
        return issuers.Length == names.GetArrayLength() && issuers.All(issuer => IdentifierRules.Problem(Identifier.Dns(issuer)) is null && !issuer.StartsWith('*')) ? issuers : null;
    }

    private static DateTimeOffset? Time(string text)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    // It becomes part of a record in which semicolons and blanks mean something.
    private static bool IsPlain(string text) => text.Length is > 0 and <= AcmeLimits.Url && !text.AsSpan().ContainsAny(" ;\"\\") && !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}
