using System.Text.Json.Nodes;

namespace CertOperator.Runtime.Schema;

/// <summary>
/// A rule of the API server for a field, or for every field of a type. Descriptions are
/// <see cref="System.ComponentModel.DescriptionAttribute"/>s, required fields C#'s <c>required</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true)]
public abstract class KubeSchemaAttribute : Attribute
{
    /// <summary>The rule is for each item of the list, or each value of the map, instead of the whole.</summary>
    public bool Each { get; set; }

    internal abstract void Apply(JsonObject schema);
}

/// <summary>The field holds one of these words.</summary>
public sealed class KubeEnumAttribute(params string[] values) : KubeSchemaAttribute
{
    internal override void Apply(JsonObject schema) => schema["enum"] = new JsonArray([.. values.Select(value => JsonValue.Create(value))]);
}

/// <summary>The text matches this regular expression (RE2 syntax; anchor it).</summary>
public sealed class KubePatternAttribute(string pattern) : KubeSchemaAttribute
{
    internal override void Apply(JsonObject schema) => schema["pattern"] = pattern;
}

/// <summary>The text has a format that the API server knows, e.g. <c>date-time</c>, <c>byte</c>, <c>ipv4</c>.</summary>
public sealed class KubeFormatAttribute(string format) : KubeSchemaAttribute
{
    internal override void Apply(JsonObject schema) => schema["format"] = format;
}

/// <summary>The number lies within these bounds, both included.</summary>
public sealed class KubeRangeAttribute(long min, long max = long.MaxValue) : KubeSchemaAttribute
{
    internal override void Apply(JsonObject schema)
    {
        schema["minimum"] = min;
        if (max != long.MaxValue)
            schema["maximum"] = max;
    }
}

/// <summary>The text has at most this many characters.</summary>
public sealed class KubeLengthAttribute(int max) : KubeSchemaAttribute
{
    /// <summary>And at least so many.</summary>
    public int Min { get; set; }

    internal override void Apply(JsonObject schema)
    {
        if (Min > 0)
            schema["minLength"] = Min;
        schema["maxLength"] = max;
    }
}

/// <summary>The list or map has at most this many entries.</summary>
public sealed class KubeItemsAttribute(int max) : KubeSchemaAttribute
{
    /// <summary>And at least so many.</summary>
    public int Min { get; set; }

    internal override void Apply(JsonObject schema)
    {
        var what = schema.ContainsKey("items") ? "Items" : "Properties";
        if (Min > 0)
            schema[$"min{what}"] = Min;
        schema[$"max{what}"] = max;
    }
}

/// <summary>The items of the list are told apart by these fields, so that several writers can share it.</summary>
public sealed class KubeListMapAttribute(params string[] keys) : KubeSchemaAttribute
{
    internal override void Apply(JsonObject schema)
    {
        schema["x-kubernetes-list-type"] = "map";
        schema["x-kubernetes-list-map-keys"] = new JsonArray([.. keys.Select(key => JsonValue.Create(key))]);
    }
}

/// <summary>A condition in CEL (from Kubernetes 1.25), and the sentence that a user sees who breaks it.</summary>
public sealed class KubeRuleAttribute(string rule, string message) : KubeSchemaAttribute
{
    internal override void Apply(JsonObject schema)
    {
        const string Key = "x-kubernetes-validations";
        if (schema[Key] is not JsonArray rules)
            schema[Key] = rules = [];
        rules.Add((JsonNode)new JsonObject { ["rule"] = rule, ["message"] = message });
    }
}

/// <summary>Fields that the type does not name are kept.</summary>
public sealed class KubePreserveUnknownAttribute : KubeSchemaAttribute
{
    internal override void Apply(JsonObject schema)
    {
        schema["type"] ??= "object";
        schema["x-kubernetes-preserve-unknown-fields"] = true;
    }
}

/// <summary>The JSON type, where a converter of its own hides it: <c>string</c>, <c>integer</c>, <c>number</c> or <c>boolean</c>.</summary>
public sealed class KubeTypeAttribute(string type) : KubeSchemaAttribute
{
    internal override void Apply(JsonObject schema) => schema["type"] = type;
}
