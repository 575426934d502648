using System.Text.Json.Nodes;
using CertOperator.Runtime.InMemory.Resources;

namespace CertOperator.Testing.Api;

/// <summary>The documents by which clients find out what a server serves.</summary>
internal sealed class Discovery(IReadOnlyList<ServedResource> served)
{
    private static readonly string[] ObjectVerbs = ["create", "delete", "get", "list", "patch", "update", "watch"];
    private static readonly string[] StatusVerbs = ["get", "patch", "update"];

    /// <summary>The document at a path; null if there is none.</summary>
    public JsonObject? Find(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["version"] => new JsonObject { ["major"] = "1", ["minor"] = "32", ["gitVersion"] = "v1.32.0-in-memory", ["platform"] = "linux/amd64" },
        ["api"] => new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1"), ["serverAddressByClientCIDRs"] = new JsonArray() },
        ["apis"] => new JsonObject { ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = new JsonArray([.. Groups().Select(Group)]) },
        ["apis", var group] when Groups().Contains(group) => Document("APIGroup", Group(group)),
        ["api", "v1"] => ResourceList("", "v1"),
        ["apis", var group, var version] when served.Any(resource => resource.Type.Group == group && resource.Type.Version == version) =>
            ResourceList(group, version),
        _ => null,
    };

    private IEnumerable<string> Groups() => served.Select(resource => resource.Type.Group).Where(group => group.Length > 0).Distinct().Order();

    private JsonObject Group(string group)
    {
        var versions = served.Where(resource => resource.Type.Group == group).Select(resource => resource.Type.Version).Distinct().ToList();
        return new JsonObject
        {
            ["name"] = group,
            ["versions"] = new JsonArray([.. versions.Select(GroupVersion)]),
            ["preferredVersion"] = GroupVersion(versions[0]),
        };

        JsonObject GroupVersion(string version) => new() { ["groupVersion"] = $"{group}/{version}", ["version"] = version };
    }

    private JsonObject ResourceList(string group, string version)
    {
        var resources = new JsonArray();
        foreach (var resource in served.Where(one => one.Type.Group == group && one.Type.Version == version))
        {
            resources.Add((JsonNode)Entry(resource, resource.Type.Plural, ObjectVerbs));
            if (resource.HasStatus) resources.Add((JsonNode)Entry(resource, resource.Type.Plural + "/status", StatusVerbs));
        }

        return Document("APIResourceList", new JsonObject
        {
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = resources,
        });
    }

    private static JsonObject Entry(ServedResource resource, string name, string[] verbs) => new()
    {
        ["name"] = name,
        ["singularName"] = resource.Singular,
        ["namespaced"] = resource.Type.Namespaced,
        ["kind"] = resource.Type.Kind,
        ["verbs"] = Texts(verbs),
        ["shortNames"] = Texts(resource.ShortNames),
        ["categories"] = Texts(resource.Categories),
    };

    private static JsonObject Document(string kind, JsonObject content)
    {
        content["kind"] = kind;
        content["apiVersion"] = "v1";
        return content;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
