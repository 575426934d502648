using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CertOperator.Runtime.InMemory.Schemas;

/// <summary>What a schema node demands of a value.</summary>
internal sealed record ValueRules
{
    public string? Type { get; init; }

    public bool IntOrString { get; init; }

    public string? Format { get; init; }

    public IReadOnlyList<string> Required { get; init; } = [];

    public IReadOnlyList<JsonNode?>? Enum { get; init; }

    public decimal? Minimum { get; init; }

    public decimal? Maximum { get; init; }

    public bool ExclusiveMinimum { get; init; }

    public bool ExclusiveMaximum { get; init; }

    public decimal? MultipleOf { get; init; }

    public int? MinLength { get; init; }

    public int? MaxLength { get; init; }

    public string? PatternText { get; init; }

    /// <summary>Linear in the length of the value, as Go's expressions are.</summary>
    public Regex? Pattern { get; init; }

    public int? MinItems { get; init; }

    public int? MaxItems { get; init; }

    public int? MinProperties { get; init; }

    public int? MaxProperties { get; init; }

    public IReadOnlyList<StructuralSchema> AllOf { get; init; } = [];

    public IReadOnlyList<StructuralSchema> AnyOf { get; init; } = [];

    public IReadOnlyList<StructuralSchema> OneOf { get; init; } = [];

    public StructuralSchema? Not { get; init; }

    public static ValueRules Parse(JsonObject json)
    {
        var pattern = (string?)json["pattern"];
        return new ValueRules
        {
            Type = (string?)json["type"],
            IntOrString = (bool?)json["x-kubernetes-int-or-string"] ?? false,
            Format = (string?)json["format"],
            Required = json["required"] is JsonArray required ? [.. required.Select(name => (string)name!)] : [],
            Enum = json["enum"] is JsonArray values ? [.. values.Select(value => value?.DeepClone())] : null,
            Minimum = (decimal?)json["minimum"],
            Maximum = (decimal?)json["maximum"],
            ExclusiveMinimum = (bool?)json["exclusiveMinimum"] ?? false,
            ExclusiveMaximum = (bool?)json["exclusiveMaximum"] ?? false,
            MultipleOf = (decimal?)json["multipleOf"],
            MinLength = (int?)json["minLength"],
            MaxLength = (int?)json["maxLength"],
            PatternText = pattern,
            Pattern = pattern is null ? null : Compile(pattern),
            MinItems = (int?)json["minItems"],
            MaxItems = (int?)json["maxItems"],
            MinProperties = (int?)json["minProperties"],
            MaxProperties = (int?)json["maxProperties"],
            AllOf = Schemas(json["allOf"]),
            AnyOf = Schemas(json["anyOf"]),
            OneOf = Schemas(json["oneOf"]),
            Not = json["not"] is JsonObject not ? StructuralSchema.Parse(not) : null,
        };
    }

    private static IReadOnlyList<StructuralSchema> Schemas(JsonNode? json)
        => json is JsonArray list ? [.. list.Select(schema => StructuralSchema.Parse(schema!.AsObject()))] : [];

    // In Go's expressions a final $ matches at the very end only, in .NET also before a last line feed.
    private static Regex Compile(string pattern)
        => new(
            pattern.EndsWith('$') && !pattern.EndsWith(@"\$", StringComparison.Ordinal) ? pattern[..^1] + @"\z" : pattern,
            RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
