using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using CertOperator.Cli.Inspect;
using CertOperator.Cli.Renewal;
using CertOperator.Cli.Status;
using CertOperator.Runtime.Objects;

namespace CertOperator.Cli;

/// <summary>What <c>--output json</c> prints.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    Converters = [typeof(KubeTimeConverter)])]
[JsonSerializable(typeof(Fleet))]
[JsonSerializable(typeof(CertificateDetail))]
[JsonSerializable(typeof(Inspection))]
[JsonSerializable(typeof(RenewalReport))]
[JsonSerializable(typeof(VersionFacts))]
internal sealed partial class CliJson : JsonSerializerContext
{
    public static Task WriteAsync<T>(TextWriter output, T value, JsonTypeInfo<T> type) => output.WriteAsync(JsonSerializer.Serialize(value, type) + "\n");
}
