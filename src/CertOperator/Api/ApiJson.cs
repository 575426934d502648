using System.Text.Json.Serialization;
using CertOperator.Runtime.Objects;

namespace CertOperator.Api;

/// <summary>JSON of the operator's own kinds and of the foreign ones that it reads.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(KubeTimeConverter)])]
[JsonSerializable(typeof(Certificate))]
[JsonSerializable(typeof(Issuer))]
[JsonSerializable(typeof(ClusterIssuer))]
[JsonSerializable(typeof(Ingress))]
[JsonSerializable(typeof(IngressClass))]
[JsonSerializable(typeof(Namespace))]
[JsonSerializable(typeof(Service))]
[JsonSerializable(typeof(Secret))]
[JsonSerializable(typeof(SolverIngress))]
[JsonSerializable(typeof(SolverService))]
[JsonSerializable(typeof(Gateway))]
[JsonSerializable(typeof(HttpRoute))]
[JsonSerializable(typeof(Deployment))]
[JsonSerializable(typeof(StatefulSet))]
[JsonSerializable(typeof(DaemonSet))]
internal sealed partial class ApiJson : JsonSerializerContext;
