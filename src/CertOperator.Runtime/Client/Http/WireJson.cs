using System.Text.Json.Serialization;

namespace CertOperator.Runtime.Client.Http;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(ObjectHead))]
[JsonSerializable(typeof(ListHead))]
internal sealed partial class WireJson : JsonSerializerContext;
