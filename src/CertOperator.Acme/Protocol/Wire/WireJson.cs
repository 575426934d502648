using System.Text.Json.Serialization;

namespace CertOperator.Acme.Protocol.Wire;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = AcmeLimits.JsonDepth, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(WireDirectory))]
[JsonSerializable(typeof(WireAccount))]
[JsonSerializable(typeof(WireOrderList))]
[JsonSerializable(typeof(WireOrder))]
[JsonSerializable(typeof(WireAuthorization))]
[JsonSerializable(typeof(WireChallenge))]
[JsonSerializable(typeof(WireRenewalInfo))]
[JsonSerializable(typeof(NewAccountPayload))]
[JsonSerializable(typeof(NewOrderPayload))]
[JsonSerializable(typeof(NewAuthorizationPayload))]
[JsonSerializable(typeof(FinalizePayload))]
[JsonSerializable(typeof(StatusPayload))]
[JsonSerializable(typeof(RevocationPayload))]
[JsonSerializable(typeof(KeyChangePayload))]
internal sealed partial class WireJson : JsonSerializerContext;
