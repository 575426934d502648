using System.Text.Json.Nodes;
using CertOperator.Testing.Acme.Faults;

namespace CertOperator.Testing.Acme.Protocol;

/// <summary>A request that the server does not serve; ends in a problem document.</summary>
internal sealed class Refusal(AcmeReply reply) : Exception($"{reply.Status}: {reply.Body}")
{
    public AcmeReply Reply { get; } = reply;

    public static Refusal Malformed(string detail) => Of(400, "malformed", detail);

    public static Refusal NotFound(string what) => Of(404, "malformed", $"{what} was not found");

    public static Refusal Unauthorized(string detail) => Of(403, "unauthorized", detail);

    public static Refusal Of(int status, string type, string detail, JsonObject? more = null) =>
        new(AcmeReply.Problem(status, type, detail, more));
}
