namespace CertOperator.Acme.Errors;

/// <summary>
/// The error types of the namespace <c>urn:ietf:params:acme:error:</c>, without it (RFC 8555 section 6.7, RFC 9773 section 7.4,
/// draft-ietf-acme-profiles).
/// </summary>
public static class ProblemTypes
{
    public const string AccountDoesNotExist = "accountDoesNotExist";
    public const string AgreementRequired = "agreementRequired";
    public const string AlreadyReplaced = "alreadyReplaced";
    public const string AlreadyRevoked = "alreadyRevoked";
    public const string BadCsr = "badCSR";
    public const string BadNonce = "badNonce";
    public const string BadPublicKey = "badPublicKey";
    public const string BadRevocationReason = "badRevocationReason";
    public const string BadSignatureAlgorithm = "badSignatureAlgorithm";
    public const string Caa = "caa";
    public const string Compound = "compound";
    public const string Conflict = "conflict";
    public const string Connection = "connection";
    public const string Dns = "dns";
    public const string ExternalAccountRequired = "externalAccountRequired";
    public const string IncorrectResponse = "incorrectResponse";
    public const string InvalidContact = "invalidContact";
    public const string InvalidProfile = "invalidProfile";
    public const string Malformed = "malformed";
    public const string OrderNotReady = "orderNotReady";
    public const string RateLimited = "rateLimited";
    public const string RejectedIdentifier = "rejectedIdentifier";
    public const string ServerInternal = "serverInternal";
    public const string Tls = "tls";
    public const string Unauthorized = "unauthorized";
    public const string UnsupportedContact = "unsupportedContact";
    public const string UnsupportedIdentifier = "unsupportedIdentifier";
    public const string UserActionRequired = "userActionRequired";

    /// <summary>A problem that names no type (RFC 9457 section 3.1.1).</summary>
    public const string None = "about:blank";

    private const int MaxLength = 128;

    private static readonly string[] Namespaces = ["urn:ietf:params:acme:error:", "urn:acme:error:"];

    /// <summary>Everything that a metric may be labelled with; what is not in it is "other".</summary>
    private static readonly HashSet<string> Known =
    [
        AccountDoesNotExist, AgreementRequired, AlreadyReplaced, AlreadyRevoked, BadCsr, BadNonce, BadPublicKey, BadRevocationReason,
        BadSignatureAlgorithm, Caa, Compound, Conflict, Connection, Dns, ExternalAccountRequired, IncorrectResponse, InvalidContact,
        InvalidProfile, Malformed, OrderNotReady, RateLimited, RejectedIdentifier, ServerInternal, Tls, Unauthorized, UnsupportedContact,
        UnsupportedIdentifier, UserActionRequired, None,
    ];

    /// <summary>The type as this library writes it: without the namespace of ACME, otherwise as sent.</summary>
    internal static string Shorten(string? type)
    {
        if (string.IsNullOrWhiteSpace(type)) return None;
        var prefix = Namespaces.FirstOrDefault(p => type.StartsWith(p, StringComparison.OrdinalIgnoreCase)) ?? "";
        return PrintableText.Clean(type[prefix.Length..], MaxLength) is { Length: > 0 } name ? name : None;
    }

    internal static string ForMetric(string type) => Known.Contains(type) ? type : "other";
}
