using System.Text.Json.Serialization;
using CertOperator.Runtime.Objects;

namespace CertOperator.Runtime.Tests.Kinds;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(KubeTimeConverter)])]
[JsonSerializable(typeof(Secret))]
[JsonSerializable(typeof(ConfigMap))]
[JsonSerializable(typeof(Namespace))]
[JsonSerializable(typeof(Ingress))]
[JsonSerializable(typeof(WholeIngress))]
[JsonSerializable(typeof(Marble))]
[JsonSerializable(typeof(Appliance))]
[JsonSerializable(typeof(Endless))]
[JsonSerializable(typeof(Opaque))]
[JsonSerializable(typeof(Widget))]
[JsonSerializable(typeof(Gadget))]
[JsonSerializable(typeof(WholeGadget))]
[JsonSerializable(typeof(CustomResourceDefinition))]
[JsonSerializable(typeof(Unserved))]
internal sealed partial class TestJson : JsonSerializerContext;
