using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CertOperator.Runtime.Yaml;

/// <summary>
/// Writes JSON as block-style YAML. Strings are quoted whenever any reader, of YAML 1.1 or 1.2, could take them for
/// something else, and what cannot be seen is escaped, so that no text reorders what a terminal shows.
/// </summary>
public static class YamlWriter
{
    private static readonly HashSet<string> ReservedWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "null", "true", "false", "yes", "no", "on", "off", "y", "n",
    };

    /// <summary>One document, ending in a line break.</summary>
    public static string Write(JsonNode document)
    {
        var text = new StringBuilder();
        WriteItem(text, document, 0);
        return text.ToString();
    }

    /// <summary>Several documents with <c>---</c> between them.</summary>
    public static string WriteAll(IEnumerable<JsonNode> documents) => string.Join("---\n", documents.Select(Write));

    // The cursor stands where the node begins.
    private static void WriteItem(StringBuilder text, JsonNode? node, int indent)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } mapping:
                WriteMapping(text, mapping, indent);
                break;
            case JsonArray { Count: > 0 } sequence:
                WriteSequence(text, sequence, indent);
                break;
            default:
                text.Append(Scalar(node, indent)).Append('\n');
                break;
        }
    }

    private static void WriteMapping(StringBuilder text, JsonObject mapping, int indent)
    {
        var first = true;
        foreach (var (key, value) in mapping)
        {
            text.Append(' ', first ? 0 : indent).Append(Quoted(key)).Append(':');
            first = false;
            switch (value)
            {
                case JsonObject { Count: > 0 } inner:
                    text.Append('\n').Append(' ', indent + 2);
                    WriteMapping(text, inner, indent + 2);
                    break;
                case JsonArray { Count: > 0 } inner:
                    text.Append('\n').Append(' ', indent);
                    WriteSequence(text, inner, indent);
                    break;
                default:
                    text.Append(' ').Append(Scalar(value, indent + 2)).Append('\n');
                    break;
            }
        }
    }

    private static void WriteSequence(StringBuilder text, JsonArray sequence, int indent)
    {
        for (var i = 0; i < sequence.Count; i++)
        {
            text.Append(' ', i == 0 ? 0 : indent).Append("- ");
            WriteItem(text, sequence[i], indent + 2);
        }
    }

    private static string Scalar(JsonNode? node, int indent) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        _ when node.GetValueKind() != JsonValueKind.String => node.ToJsonString(),
        _ when indent > 0 && IsParagraph(node.GetValue<string>()) => Literal(node.GetValue<string>(), indent),
        _ => Quoted(node.GetValue<string>()),
    };

    private static bool IsParagraph(string value)
        => value.AsSpan(0, Math.Max(0, value.Length - 1)).Contains('\n')
            && value[0] is not (' ' or '\n')
            && !value.EndsWith("\n\n", StringComparison.Ordinal)
            && !value.Contains(" \n", StringComparison.Ordinal)
            && !value.EndsWith(' ')
            && !value.Any(c => c != '\n' && NeedsEscape(c));

    private static string Literal(string value, int indent)
    {
        var lines = value.TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? "" : new string(' ', indent) + line);
        return (value.EndsWith('\n') ? "|\n" : "|-\n") + string.Join('\n', lines);
    }

    private static string Quoted(string value)
    {
        if (IsPlain(value))
            return value;
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            if (c is '"' or '\\')
                text.Append('\\').Append(c);
            else if (c == '\n')
                text.Append("\\n");
            else if (NeedsEscape(c))
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else
                text.Append(c);
        }

        return text.Append('"').ToString();
    }

    private static bool IsPlain(string value)
        => value.Length > 0
            && (char.IsAsciiLetter(value[0]) || value[0] is '/' or '_')
            && value[^1] is not (' ' or ':')
            && value.All(c => char.IsAsciiLetterOrDigit(c) || " /_-.:,;()'=+!<>&|*".Contains(c))
            && !value.Contains(": ", StringComparison.Ordinal)
            && !ReservedWords.Contains(value);

    private static bool NeedsEscape(char c)
        => char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufffe' or '\uffff' || char.GetUnicodeCategory(c) == UnicodeCategory.Format;
}
