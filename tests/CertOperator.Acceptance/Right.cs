using System.Text.Json.Nodes;
using CertOperator.Runtime.Yaml;
using CertOperator.Testing.Cluster;

namespace CertOperator.Acceptance;

/// <summary>One thing that RBAC grants or that was done: a verb on a resource, in a namespace or, if that is <c>*</c>, in all.</summary>
internal sealed record Right(string Namespace, string Group, string Resource, string Verb)
{
    public const string Everywhere = "*";

    /// <summary>What the rules of the Roles and ClusterRoles in a YAML text grant, each combination by itself.</summary>
    public static IReadOnlyList<Right> Granted(string yaml) => [.. YamlReader.Read(yaml).SelectMany(document => Of(document.Root))];

    /// <summary>What the rules of a Role or ClusterRole grant; nothing, if the object is neither.</summary>
    public static IEnumerable<Right> Of(JsonNode role) =>
        from rule in (string?)role["kind"] is "Role" or "ClusterRole" ? role["rules"]!.AsArray() : []
        from @group in Texts(rule!, "apiGroups")
        from resource in Texts(rule!, "resources")
        from verb in Texts(rule!, "verbs")
        select new Right((string?)role["metadata"]!["namespace"] ?? Everywhere, @group, resource, verb);

    /// <summary>What a request needed: an apply that creates needs the verb create as well.</summary>
    public static IEnumerable<Right> Used(AuditEntry entry)
    {
        string resource = entry.Subresource.Length > 0 ? $"{entry.Resource}/{entry.Subresource}" : entry.Resource;
        var right = new Right(entry.Namespace, entry.ApiGroup, resource, entry.Verb);
        return entry is { Verb: "patch", Code: 201 } ? [right, right with { Verb = "create" }] : [right];
    }

    public bool Covers(Right used) => this with { Namespace = "" } == used with { Namespace = "" } && Namespace is Everywhere || this == used;

    private static IEnumerable<string> Texts(JsonNode rule, string field) => rule[field]!.AsArray().Select(text => (string)text!);
}
