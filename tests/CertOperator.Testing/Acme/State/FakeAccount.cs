using System.Text.Json.Nodes;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Testing.Acme.State;

internal sealed class FakeAccount(string id, PublicJwk key)
{
    public string Id { get; } = id;

    public PublicJwk Key { get; set; } = key;

    public string Status { get; set; } = "valid";

    public JsonArray? Contact { get; set; }

    public JsonObject? ExternalAccountBinding { get; init; }
}
