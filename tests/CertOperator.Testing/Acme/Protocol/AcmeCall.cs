using System.Text.Json.Nodes;
using CertOperator.Testing.Acme.State;

namespace CertOperator.Testing.Acme.Protocol;

/// <summary>One HTTP request. <paramref name="Url"/> is what the client has really asked for, octet by octet.</summary>
internal sealed record AcmeCall(AcmeEndpoint Endpoint, string Id, int Part, string Method, string Url, string? ContentType, string Body);

/// <summary>
/// A verified request. It is signed by an account, or by a key that may have none. No payload: POST-as-GET.
/// </summary>
internal sealed record SignedCall(AcmeCall Call, PublicJwk Key, FakeAccount? Signer, JsonObject? Payload)
{
    public string Id => Call.Id;

    public FakeAccount Account => Signer ?? throw Refusal.Malformed("this request needs a kid");

    /// <summary>The payload of a request that must have one.</summary>
    public JsonObject Needed => Payload ?? throw Refusal.Malformed("the payload is empty");
}
