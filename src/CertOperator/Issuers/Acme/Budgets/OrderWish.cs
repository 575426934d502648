using System.Security.Cryptography;
using System.Text;
using CertOperator.Acme.Orders;
using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Issuers.Acme.Budgets;

/// <summary>An order that somebody wants to make.</summary>
/// <param name="Certificate">For which Certificate.</param>
/// <param name="Names">For which names.</param>
/// <param name="Expires">When the stored certificate ends; null without one.</param>
/// <param name="IsRenewal">The names had a certificate of the same account before.</param>
/// <param name="IsAdvised">The CA asked for it (RFC 9773): its own limits do not count it.</param>
internal sealed record OrderWish(ObjectKey Certificate, IReadOnlyList<Identifier> Names, DateTimeOffset? Expires, bool IsRenewal, bool IsAdvised)
{
    /// <summary>The same for the same names in any order.</summary>
    public string NameSet { get; } = SetOf(Names.Select(name => name.Value));

    /// <summary>Who is served by an expired or missing certificate waits least.</summary>
    public DateTimeOffset Urgency => Expires ?? DateTimeOffset.MinValue;

    public static OrderWish Of(Issuance issuance, IReadOnlyList<Identifier> names, DateTimeOffset now)
    {
        TimeWindow? window = issuance.Replaces is { RenewalId: { } id } && issuance.Certificate.Status?.RenewalInfo is { } info && info.CertificateID == id ? info.SuggestedWindow : null;
        var key = new ObjectKey(issuance.Certificate.Metadata.Namespace ?? "", issuance.Certificate.Metadata.Name ?? "");
        return new OrderWish(key, names, issuance.Stored?.NotAfter, issuance.Replaces is not null, window is not null && window.Start <= now && now < window.End);
    }

    public static string SetOf(IEnumerable<string> names)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names.Order(StringComparer.Ordinal)))).AsSpan(0, 16));
}

/// <summary>Why an order must wait.</summary>
/// <param name="Until">When to ask again.</param>
/// <param name="Reason">CamelCase word for machines.</param>
/// <param name="Why">One sentence.</param>
internal sealed record OrderWait(DateTimeOffset Until, string Reason, string Why);
