using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Json;
using CertOperator.Runtime.InMemory.Ownership;

namespace CertOperator.Runtime.InMemory.Schemas;

/// <summary>Holds a value against a schema and names every broken rule as the API server would.</summary>
internal static class SchemaValidator
{
    public static void Validate(JsonNode? value, StructuralSchema schema, string path, List<FieldError> errors)
    {
        if (value is null)
        {
            if (!schema.Nullable) errors.Add(WrongType(path, "null", schema.Rules.Type ?? "object", "null"));
            return;
        }

        var before = errors.Count;
        CheckType(value, schema.Rules, path, errors);
        if (errors.Count > before) return;
        CheckRules(value, schema.Rules, path, errors);
        switch (value)
        {
            case JsonObject map:
                ValidateFields(map, schema, path, errors);
                break;
            case JsonArray list:
                ValidateItems(list, schema, path, errors);
                break;
        }
    }

    private static void ValidateFields(JsonObject map, StructuralSchema schema, string path, List<FieldError> errors)
    {
        foreach (var name in schema.Rules.Required)
        {
            if (!map.ContainsKey(name)) errors.Add(FieldError.Required(Join(path, name)));
        }

        foreach (var (name, value) in map)
        {
            if (path.Length == 0 && name is "apiVersion" or "kind" or "metadata") continue;
            if (schema.Properties.TryGetValue(name, out var known)) Validate(value, known, Join(path, name), errors);
            else if (schema.AdditionalProperties is { } values) Validate(value, values, Join(path, name), errors);
        }
    }

    private static void ValidateItems(JsonArray list, StructuralSchema schema, string path, List<FieldError> errors)
    {
        var shape = schema.ToItemShape();
        var seen = new HashSet<string>();
        for (var i = 0; i < list.Count; i++)
        {
            var at = $"{path}[{i.ToString(CultureInfo.InvariantCulture)}]";
            if (schema.Items is { } items) Validate(list[i], items, at, errors);
            if (PathElement.Item(list[i], shape) is { } element && !seen.Add(element)) errors.Add(FieldError.Duplicate(at, element[2..]));
        }
    }

    private static FieldShape ToItemShape(this StructuralSchema schema) => schema.IsSet || schema.MapKeys is not null ? schema.ToShape() : FieldShape.Open;

    private static void CheckType(JsonNode value, ValueRules rules, string path, List<FieldError> errors)
    {
        var actual = TypeName(value);
        var fits = rules switch
        {
            { IntOrString: true } => actual is "integer" or "string",
            { Type: null } => true,
            { Type: "number" } => actual is "integer" or "number",
            _ => actual == rules.Type,
        };
        if (!fits) errors.Add(WrongType(path, Shown(value), rules.Type ?? "integer,string", actual));
    }

    private static FieldError WrongType(string path, string shown, string wanted, string actual)
        => FieldError.WrongType(path, $"\"{actual}\"", $"{path} in body must be of type {wanted}: {(shown == "null" ? "\"null\"" : $"\"{actual}\"")}");

    private static void CheckRules(JsonNode value, ValueRules rules, string path, List<FieldError> errors)
    {
        if (rules.Enum is { } allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value)))
            errors.Add(FieldError.NotSupported(path, Shown(value), allowed.Select(one => one.Show())));
        switch (value)
        {
            case JsonObject map:
                Bound(map.Count, rules.MinProperties, rules.MaxProperties, "should have at {0} {1} properties");
                break;
            case JsonArray list:
                Bound(list.Count, rules.MinItems, rules.MaxItems, "should have at {0} {1} items");
                break;
            case JsonValue when value.GetValueKind() == JsonValueKind.String:
                CheckText(value.GetValue<string>(), rules, path, errors);
                break;
            case JsonValue when value.GetValueKind() == JsonValueKind.Number:
                CheckNumber(value, rules, path, errors);
                break;
        }

        CheckCombinations(value, rules, path, errors);

        void Bound(int count, int? min, int? max, string text)
        {
            var shown = count.ToString(CultureInfo.InvariantCulture);
            if (count < min) errors.Add(FieldError.Invalid(path, shown, $"{path} in body {string.Format(CultureInfo.InvariantCulture, text, "least", min)}"));
            if (count > max) errors.Add(FieldError.Invalid(path, shown, $"{path} in body {string.Format(CultureInfo.InvariantCulture, text, "most", max)}"));
        }
    }

    private static void CheckText(string text, ValueRules rules, string path, List<FieldError> errors)
    {
        var length = text.EnumerateRunes().Count();
        if (length < rules.MinLength) Add($"should be at least {rules.MinLength} chars long");
        if (length > rules.MaxLength) Add($"should be at most {rules.MaxLength} chars long");
        if (rules.Pattern is { } pattern && !pattern.IsMatch(text)) Add($"should match '{rules.PatternText}'");
        if (rules.Format is { } format && !TextFormats.Fits(text, format)) Add($"must be of type {format}: {text.Show()}");

        void Add(string rule) => errors.Add(FieldError.Invalid(path, text.Show(), $"{path} in body {rule}"));
    }

    private static void CheckNumber(JsonNode value, ValueRules rules, string path, List<FieldError> errors)
    {
        var number = value.AsValue().TryGetValue<decimal>(out var exact) ? exact : decimal.MaxValue;
        if (number < rules.Minimum || (rules.ExclusiveMinimum && number == rules.Minimum))
            Add(string.Create(CultureInfo.InvariantCulture, $"should be greater than {(rules.ExclusiveMinimum ? "" : "or equal to ")}{rules.Minimum}"));
        if (number > rules.Maximum || (rules.ExclusiveMaximum && number == rules.Maximum))
            Add(string.Create(CultureInfo.InvariantCulture, $"should be less than {(rules.ExclusiveMaximum ? "" : "or equal to ")}{rules.Maximum}"));
        if (rules.MultipleOf is { } step && number % step != 0)
            Add(string.Create(CultureInfo.InvariantCulture, $"should be a multiple of {step}"));

        void Add(string rule) => errors.Add(FieldError.Invalid(path, Shown(value), $"{path} in body {rule}"));
    }

    private static void CheckCombinations(JsonNode value, ValueRules rules, string path, List<FieldError> errors)
    {
        foreach (var one in rules.AllOf) Validate(value, one, path, errors);
        if (rules.AnyOf.Count > 0 && !rules.AnyOf.Any(Fits)) Add("must validate at least one schema (anyOf)");
        if (rules.OneOf.Count > 0)
        {
            var valid = rules.OneOf.Count(Fits);
            if (valid != 1) Add($"must validate one and only one schema (oneOf). Found {(valid == 0 ? "none" : valid.ToString(CultureInfo.InvariantCulture))} valid");
        }

        if (rules.Not is { } not && Fits(not)) Add("must not validate the schema (not)");

        bool Fits(StructuralSchema schema)
        {
            var found = new List<FieldError>();
            Validate(value, schema, path, found);
            return found.Count == 0;
        }

        void Add(string rule) => errors.Add(FieldError.Invalid(path, "\"\"", $"\"{path}\" {rule}"));
    }

    private static string TypeName(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => value.ToJsonString().AsSpan().ContainsAny(".eE") ? "number" : "integer",
        _ => "null",
    };

    private static string Shown(JsonNode value) => value is JsonValue ? value.Show() : $"\"{TypeName(value)}\"";

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
