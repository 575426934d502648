using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace CertOperator.Runtime.Yaml;

/// <summary>
/// What a scalar means, by the rules of the parser that the Kubernetes tools use (sigs.k8s.io/yaml): YAML 1.2, and of 1.1
/// the words yes, no, on, off, y, n, octal numbers with a leading 0, and underscores in numbers. Times stay text.
/// </summary>
internal static partial class YamlScalar
{
    private const string TagPrefix = "tag:yaml.org,2002:";

    private static readonly Dictionary<string, bool> Booleans = new(
        from word in new[] { "true", "yes", "on", "y", "false", "no", "off", "n" }
        from spelling in new[] { word, char.ToUpperInvariant(word[0]) + word[1..], word.ToUpperInvariant() }.Distinct()
        select KeyValuePair.Create(spelling, word is "true" or "yes" or "on" or "y"));

    public static JsonValue? Read(Scalar scalar)
    {
        var tag = scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific ? "" : scalar.Tag.Value;
        if (tag == TagPrefix + "str" || (tag.Length == 0 && scalar.Style != ScalarStyle.Plain))
            return JsonValue.Create(scalar.Value);
        var value = Resolve(scalar);
        var fits = tag switch
        {
            "" => true,
            TagPrefix + "null" => value is null,
            TagPrefix + "bool" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            TagPrefix + "int" or TagPrefix + "float" => value?.GetValueKind() is JsonValueKind.Number,
            _ => throw Error(scalar, $"the tag {tag} is not supported."),
        };
        return fits ? value : throw Error(scalar, $"the value does not fit its tag {tag}.");
    }

    private static JsonValue? Resolve(Scalar scalar)
    {
        var text = scalar.Value;
        if (text is "" or "~" or "null" or "Null" or "NULL")
            return null;
        if (Booleans.TryGetValue(text, out var boolean))
            return JsonValue.Create(boolean);
        if (NotFinite().IsMatch(text))
            throw Error(scalar, $"the number {text} does not exist in JSON.");
        // An underscore in front is the beginning of a word.
        var plain = text[0] == '_' ? text : text.Replace("_", "", StringComparison.Ordinal);
        return ReadInteger(plain) ?? ReadFloat(plain) ?? JsonValue.Create(text);
    }

    private static JsonValue? ReadInteger(string text)
    {
        if (Integer().Match(text) is not { Success: true } match)
            return null;
        var (digits, radix) = match.Groups switch
        {
            { } g when g["hex"].Success => (g["hex"].Value, 16),
            { } g when g["bin"].Success => (g["bin"].Value, 2),
            { } g when g["oct"].Success => (g["oct"].Value, 8),
            { } g => (g["dec"].Value, 10),
        };
        // 2^64 has 64 digits at most; more would only cost time.
        if (digits.Length > 64)
            return null;
        var value = digits.Aggregate(BigInteger.Zero, (sum, digit) => sum * radix + Convert.ToInt32(digit.ToString(), 16));
        if (match.Groups["sign"].Value == "-")
            value = -value;
        if (value >= long.MinValue && value <= long.MaxValue)
            return JsonValue.Create((long)value);
        return value >= 0 && value <= ulong.MaxValue ? JsonValue.Create((ulong)value) : JsonValue.Create((double)value);
    }

    private static JsonValue? ReadFloat(string text)
        => Float().IsMatch(text)
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? JsonValue.Create(number)
            : null;

    private static YamlFormatException Error(Scalar at, string problem) => new((int)at.Start.Line, (int)at.Start.Column, problem);

    [GeneratedRegex(@"\A(?<sign>[-+]?)(0[xX](?<hex>[0-9a-fA-F]+)|0[bB](?<bin>[01]+)|0[oO]?(?<oct>[0-7]+)|(?<dec>0|[1-9][0-9]*))\z")]
    private static partial Regex Integer();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Float();

    [GeneratedRegex(@"\A([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z")]
    private static partial Regex NotFinite();
}
