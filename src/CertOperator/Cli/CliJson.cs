using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CertOperator.Cli.Inspect;
using CertOperator.Cli.Renewal;
using CertOperator.Cli.Status;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Yaml;

namespace CertOperator.Cli;

/// <summary>What <c>--output json</c> and <c>yaml</c> print: the same fields.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    Converters = [typeof(KubeTimeConverter)])]
[JsonSerializable(typeof(Fleet))]
[JsonSerializable(typeof(CertificateDetail))]
[JsonSerializable(typeof(Inspection))]
[JsonSerializable(typeof(RenewalReport))]
[JsonSerializable(typeof(RollbackReport))]
[JsonSerializable(typeof(VersionFacts))]
internal sealed partial class CliJson : JsonSerializerContext
{
    public static Task WriteAsync<T>(TextWriter output, string format, T value, JsonTypeInfo<T> type) => output.WriteAsync(Text(format, value, type));

    public static string Text<T>(string format, T value, JsonTypeInfo<T> type) => format == FormatOption.Yaml
        ? YamlWriter.Write(JsonSerializer.SerializeToNode(value, type)!)
        : JsonSerializer.Serialize(value, type) + "\n";
}
