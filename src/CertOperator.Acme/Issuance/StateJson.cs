using System.Text.Json.Serialization;

namespace CertOperator.Acme.Issuance;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 8, RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(OrderState))]
internal sealed partial class StateJson : JsonSerializerContext;
