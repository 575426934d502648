using System.Text.Json.Serialization;

namespace CertOperator.Runtime.Objects;

/// <summary>JSON of the kinds that the runtime itself reads and writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(KubeTimeConverter)])]
[JsonSerializable(typeof(Lease))]
[JsonSerializable(typeof(Event))]
[JsonSerializable(typeof(ObjectMeta))]
internal sealed partial class RuntimeJson : JsonSerializerContext;
