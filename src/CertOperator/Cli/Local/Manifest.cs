using System.Text.Json;
using System.Text.Json.Nodes;

namespace CertOperator.Cli.Local;

/// <summary>An object as a manifest describes it, and where it stands.</summary>
/// <param name="Place"><c>file:line</c></param>
/// <param name="Document">Apart from being a mapping, anything.</param>
internal sealed record Manifest(string Place, JsonObject Document)
{
    public string ApiVersion { get; } = Text(Document["apiVersion"]);

    public string Kind { get; } = Text(Document["kind"]);

    public string Namespace { get; } = Text((Document["metadata"] as JsonObject)?["namespace"]) is { Length: > 0 } named ? named : "default";

    public string Name { get; } = Text((Document["metadata"] as JsonObject)?["name"]);

    /// <summary>The objects of a List, as <c>kubectl get -o yaml</c> prints them; null if this is none.</summary>
    public IEnumerable<Manifest>? Items => Kind == "List" && Document["items"] is JsonArray items
        ? items.OfType<JsonObject>().Select(item => new Manifest(Place, item.DeepClone().AsObject()))
        : null;

    private static string Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : "";
}
