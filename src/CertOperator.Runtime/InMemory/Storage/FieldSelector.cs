using System.Text.Json.Nodes;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Json;
using CertOperator.Runtime.InMemory.Resources;

namespace CertOperator.Runtime.InMemory.Storage;

/// <summary>A Kubernetes field selector: <c>metadata.name=a,type!=b</c>, on the few fields that a kind offers.</summary>
internal sealed class FieldSelector
{
    private readonly IReadOnlyList<(string Path, bool Equal, string Value)> _terms;

    private FieldSelector(IReadOnlyList<(string Path, bool Equal, string Value)> terms) => _terms = terms;

    public static FieldSelector Everything { get; } = new([]);

    public bool IsEmpty => _terms.Count == 0;

    /// <exception cref="ApiStatusException">It cannot be read, or the kind does not offer the field.</exception>
    public static FieldSelector Parse(string? text, ServedResource resource)
    {
        if (string.IsNullOrWhiteSpace(text)) return Everything;
        return new FieldSelector([.. text.Split(',').Select(term => ParseTerm(term, resource))]);
    }

    public bool Matches(JsonObject json) => _terms.All(term => (Value(json, term.Path) == term.Value) == term.Equal);

    private static (string Path, bool Equal, string Value) ParseTerm(string term, ServedResource resource)
    {
        var at = term.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0) throw Refusals.BadRequest($"invalid field selector: \"{term}\"; can't understand '{term}'");
        var equal = term[at - 1] != '!';
        var path = term[..(equal ? at : at - 1)].Trim();
        var value = term[(at + 1)..].TrimStart('=').Trim();
        var known = path is "metadata.name" || (path is "metadata.namespace" && resource.Type.Namespaced) || resource.SelectableFields.ContainsKey(path);
        return known ? (path, equal, value) : throw Refusals.BadRequest(
            $"Unable to find \"{resource.Type.ApiVersion}, Resource={resource.Type.Plural}\" that match field selector \"{term}\": field label not supported: {path}");
    }

    private static string Value(JsonObject json, string path)
    {
        JsonNode? at = json;
        foreach (var name in path.Split('.')) at = (at as JsonObject)?[name];
        return at.Text() ?? "";
    }
}
