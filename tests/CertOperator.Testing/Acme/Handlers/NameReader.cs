using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Testing.Acme.Handlers;

/// <summary>The identifiers of a new order.</summary>
internal static partial class NameReader
{
    /// <summary>The names in lower case and once each, sorted: clients must not rely on their order.</summary>
    public static IReadOnlyList<OrderedName> Read(JsonObject payload)
    {
        var identifiers = payload.OptionalArray("identifiers") ?? throw Refusal.Malformed("identifiers is missing");
        OrderedName[] names = [.. identifiers.Select(Read).Distinct().OrderBy(name => name.Value, StringComparer.Ordinal)];
        return names.Length is > 0 and <= 100 ? names : throw Refusal.Malformed("an order has 1 to 100 identifiers");
    }

    private static OrderedName Read(JsonNode? node)
    {
        var json = node as JsonObject ?? throw Refusal.Malformed("an identifier is not an object");
        var value = json.Text("value");
        return json.Text("type") switch
        {
            "dns" => new OrderedName("dns", Dns(value)),
            "ip" => new OrderedName("ip", Ip(value)),
            var other => throw Refusal.Of(400, "unsupportedIdentifier", $"identifiers of type {other} are not supported"),
        };
    }

    private static string Dns(string value)
    {
        var name = value.ToLowerInvariant();
        if (IPAddress.TryParse(value, out _)) throw Refusal.Malformed($"{value} is an address, not a DNS name");
        return name.Length <= 253 && DnsName().IsMatch(name) ? name : throw Refusal.Malformed($"{value} is not a DNS name");
    }

    // RFC 8738 section 3: the text form of RFC 5952.
    private static string Ip(string value) => IPAddress.TryParse(value, out var address) && address.ToString() == value
        ? value
        : throw Refusal.Malformed($"{value} is not an address in its usual form");

    [GeneratedRegex(@"^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    private static partial Regex DnsName();
}
