using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CertOperator.Runtime.Yaml;

namespace CertOperator.Charts;

/// <summary>The commented keys of a chart's values as a Markdown table: a comment above a key describes it and all below it.</summary>
internal static partial class ValuesTable
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(string yaml)
    {
        JsonObject values = YamlReader.Read(yaml).Single().Root;
        IEnumerable<string> rows = Comments(yaml).Select(comment => $"| `{comment.Path}` | {comment.Text} | {Code(At(values, comment.Path))} |\n");
        return "| value | meaning | default |\n|---|---|---|\n" + string.Concat(rows);
    }

    /// <summary>The values without a comment of their own or above them.</summary>
    public static IEnumerable<string> Undescribed(string yaml)
    {
        HashSet<string> described = [.. Comments(yaml).Select(comment => comment.Path)];
        return Below(YamlReader.Read(yaml).Single().Root, "", described);
    }

    private static IEnumerable<string> Below(JsonObject values, string prefix, HashSet<string> described)
        => values.Where(value => !described.Contains(prefix + value.Key)).SelectMany(value =>
            value.Value is JsonObject { Count: > 0 } inner ? Below(inner, $"{prefix}{value.Key}.", described) : [prefix + value.Key]);

    private static IEnumerable<(string Path, string Text)> Comments(string yaml)
    {
        var path = new List<string>();
        var text = new List<string>();
        foreach (string line in yaml.Split('\n'))
        {
            if (line.TrimStart().StartsWith("# ", StringComparison.Ordinal))
            {
                text.Add(line.TrimStart()[2..]);
                continue;
            }

            if (Key().Match(line) is { Success: true } key)
            {
                path = [.. path.Take(key.Groups["indent"].Length / 2), key.Groups["name"].Value];
                if (text.Count > 0)
                    yield return (string.Join('.', path), string.Join(' ', text));
            }

            text.Clear();
        }
    }

    private static JsonNode? At(JsonNode values, string path) => path.Split('.').Aggregate<string, JsonNode?>(values, (node, name) => node![name]);

    private static string Code(JsonNode? value) => $"`{value?.ToJsonString(Plain) ?? "null"}`";

    [GeneratedRegex(@"^(?<indent> *)(?<name>[A-Za-z0-9]+):")]
    private static partial Regex Key();
}
