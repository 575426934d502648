using System.Text.Json.Nodes;

namespace CertOperator.Testing.Acme;

/// <summary>An identifier (RFC 8555 section 9.7.7, RFC 8738): type <c>dns</c> or <c>ip</c>, and its value.</summary>
public sealed record OrderedName(string Type, string Value)
{
    /// <summary>Whether it stands for all names below.</summary>
    public bool IsWildcard => Type == "dns" && Value.StartsWith("*.", StringComparison.Ordinal);

    /// <summary>What is validated: without the star.</summary>
    public OrderedName Base => IsWildcard ? this with { Value = Value[2..] } : this;

    internal JsonObject ToJson() => new() { ["type"] = Type, ["value"] = Value };
}
