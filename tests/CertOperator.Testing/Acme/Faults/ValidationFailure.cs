using System.Text.Json.Nodes;

namespace CertOperator.Testing.Acme.Faults;

/// <summary>Why a validation or an issuance failed: a type of RFC 8555 section 6.7, such as <c>dns</c>, and a sentence.</summary>
public sealed record ValidationFailure(string Type, string Detail, int Status = 400)
{
    internal const string Urn = "urn:ietf:params:acme:error:";

    /// <summary>The challenge stays pending, with this as its error, and another request for it tries again (RFC 8555 section 8.2).</summary>
    public bool MayBeTriedAgain { get; init; }

    internal JsonObject ToJson() => new() { ["type"] = Urn + Type, ["detail"] = Detail, ["status"] = Status };
}
