using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace CertOperator.Acme.Tests.Servers;

/// <summary>What a server answered to one request.</summary>
internal sealed record JwsReply(int Status, string Text, HttpResponseHeaders Headers, string? MediaType)
{
    /// <summary>The body as a JSON object.</summary>
    public JsonObject Body => JsonNode.Parse(Text)!.AsObject();

    /// <summary>The last word of the problem's type, for instance badNonce; null when it is no problem document.</summary>
    public string? Problem => MediaType == "application/problem+json" ? ((string?)Body["type"])?.Split(':')[^1] : null;

    public Uri Location => new(Headers.GetValues("Location").Single());

    /// <summary>The URLs of the Link headers with a relation, in their order.</summary>
    public IReadOnlyList<Uri> Links(string relation) =>
        [.. (Headers.TryGetValues("Link", out var links) ? links : [])
            .Where(link => link.EndsWith($"rel=\"{relation}\"", StringComparison.Ordinal))
            .Select(link => new Uri(link[1..link.IndexOf('>', StringComparison.Ordinal)]))];
}
