using System.Text.Json;
using System.Text.Json.Serialization;

namespace CertOperator.Acme.Protocol.Wire;

// What servers send, as they send it: every member may be missing.
internal sealed record WireDirectory(
    string? NewNonce, string? NewAccount, string? NewOrder, string? NewAuthz, string? RevokeCert, string? KeyChange, string? RenewalInfo, WireMeta? Meta);

internal sealed record WireMeta
{
    public string? TermsOfService { get; init; }

    public string? Website { get; init; }

    public List<string?>? CaaIdentities { get; init; }

    public bool? ExternalAccountRequired { get; init; }

    public Dictionary<string, string?>? Profiles { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extensions { get; set; }
}

internal sealed record WireAccount(string? Status, List<string?>? Contact, string? Orders, bool? TermsOfServiceAgreed);

internal sealed record WireOrderList(List<string?>? Orders);

internal sealed record WireIdentifier(string? Type, string? Value);

internal sealed record WireOrder(
    string? Status, string? Expires, List<WireIdentifier?>? Identifiers, string? NotBefore, string? NotAfter, JsonElement? Error,
    List<string?>? Authorizations, string? Finalize, string? Certificate, string? Replaces, string? Profile);

internal sealed record WireAuthorization(string? Status, string? Expires, WireIdentifier? Identifier, bool? Wildcard, List<WireChallenge?>? Challenges);

internal sealed record WireChallenge
{
    public string? Type { get; init; }

    public string? Url { get; init; }

    public string? Status { get; init; }

    public string? Token { get; init; }

    public string? Validated { get; init; }

    public JsonElement? Error { get; init; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Extensions { get; set; }
}

internal sealed record WireRenewalInfo(WireWindow? SuggestedWindow, [property: JsonPropertyName("explanationURL")] string? ExplanationUrl);

internal sealed record WireWindow(string? Start, string? End);
