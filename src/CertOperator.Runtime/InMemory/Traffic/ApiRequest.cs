using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.InMemory.Traffic;

/// <summary>A request as RBAC sees it.</summary>
/// <param name="Verb"><c>get</c>, <c>list</c>, <c>watch</c>, <c>create</c>, <c>update</c>, <c>patch</c> or <c>delete</c>.</param>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Resource">Lower-case plural.</param>
/// <param name="Subresource"><c>status</c> or empty.</param>
public sealed record ApiRequest(string Verb, string Group, string Resource, string Subresource = "")
{
    internal static ApiRequest For(string verb, ResourceType type, string subresource = "") => new(verb, type.Group, type.Plural, subresource);
}
