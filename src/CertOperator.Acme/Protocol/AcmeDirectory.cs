using System.Text.Json;

namespace CertOperator.Acme.Protocol;

/// <summary>What a server offers and where (RFC 8555 section 7.1.1).</summary>
public sealed record AcmeDirectory
{
    public required Uri Url { get; init; }

    public required Uri NewNonce { get; init; }

    public required Uri NewAccount { get; init; }

    public required Uri NewOrder { get; init; }

    public Uri? NewAuthorization { get; init; }

    public Uri? RevokeCertificate { get; init; }

    public Uri? KeyChange { get; init; }

    /// <summary>RFC 9773; null if the server gives no renewal information.</summary>
    public Uri? RenewalInfo { get; init; }

    public Uri? TermsOfService { get; init; }

    public Uri? Website { get; init; }

    /// <summary>The names by which CAA records allow this CA.</summary>
    public IReadOnlyList<string> CaaIdentities { get; init; } = [];

    /// <summary>Some servers demand external accounts without saying so here.</summary>
    public bool ExternalAccountRequired { get; init; }

    /// <summary>Names of certificate profiles with their descriptions (draft-ietf-acme-profiles); null if the server has none.</summary>
    public IReadOnlyDictionary<string, string>? Profiles { get; init; }

    /// <summary>Members of <c>meta</c> that this library does not know.</summary>
    public IReadOnlyDictionary<string, JsonElement> Extensions { get; init; } = new Dictionary<string, JsonElement>();
}
