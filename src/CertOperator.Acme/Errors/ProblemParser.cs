using System.Text.Json;
using CertOperator.Acme.Orders;

namespace CertOperator.Acme.Errors;

/// <summary>
/// Reads problem documents as they come: members may be missing or of a wrong type, and the body may be no problem document at all.
/// </summary>
internal static class ProblemParser
{
    private const int MaxSubproblems = 200;
    private const int MaxAlgorithms = 32;
    private const int MaxUrl = 2048;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    /// <summary>The problem that a body holds; null if it is not a JSON object.</summary>
    public static AcmeProblem? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            return Parse(document.RootElement);
        }
        catch (JsonException)
        {
            return null; // HTML of a proxy, an empty body: the HTTP status has to do.
        }
    }

    /// <summary>The problem that an element holds; null if it is not an object.</summary>
    public static AcmeProblem? Parse(JsonElement element) => Parse(element, depth: 0);

    private static AcmeProblem? Parse(JsonElement element, int depth)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        var detail = Text(element, "detail") ?? Text(element, "title") ?? "";
        return new AcmeProblem(ProblemTypes.Shorten(Text(element, "type")), PrintableText.Clean(detail))
        {
            Identifier = NameOf(element),
            Instance = Link(Text(element, "instance")),
            Algorithms = [.. Items(element, "algorithms", MaxAlgorithms).Select(TextOf).OfType<string>().Select(a => PrintableText.Clean(a, 32))],
            Subproblems = depth > 0
                ? []
                : [.. Items(element, "subproblems", MaxSubproblems).Select(sub => Parse(sub, depth + 1)).OfType<AcmeProblem>()],
        };
    }

    private static Identifier? NameOf(JsonElement problem)
    {
        if (!problem.TryGetProperty("identifier", out var name) || name.ValueKind != JsonValueKind.Object) return null;
        return Text(name, "value") is { } value
            ? new Identifier(PrintableText.Clean(Text(name, "type") ?? "", 32), PrintableText.Clean(value, 256))
            : null;
    }

    private static IEnumerable<JsonElement> Items(JsonElement element, string name, int max)
        => element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().Take(max) : [];

    private static string? Text(JsonElement element, string name)
        => element.TryGetProperty(name, out var value) ? TextOf(value) : null;

    private static string? TextOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // Half of a surrogate pair: not text.
        }
    }

    private static Uri? Link(string? text)
        => text is { Length: <= MaxUrl } && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps ? uri : null;
}
