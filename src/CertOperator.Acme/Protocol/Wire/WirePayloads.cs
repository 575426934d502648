using System.Text.Json;

namespace CertOperator.Acme.Protocol.Wire;

// What is sent; a member that is null is left out.
internal sealed record NewAccountPayload
{
    public IReadOnlyList<string>? Contact { get; init; }

    public bool? TermsOfServiceAgreed { get; init; }

    public bool? OnlyReturnExisting { get; init; }

    public JsonElement? ExternalAccountBinding { get; init; }
}

internal sealed record NewOrderPayload(IReadOnlyList<WireIdentifier> Identifiers, string? Profile, string? Replaces, string? NotBefore, string? NotAfter);

internal sealed record NewAuthorizationPayload(WireIdentifier Identifier);

internal sealed record FinalizePayload(string Csr);

internal sealed record StatusPayload(string Status);

internal sealed record RevocationPayload(string Certificate, int? Reason);

internal sealed record KeyChangePayload(string Account, JsonElement OldKey);
