using System.Text.Json.Nodes;
using CertOperator.Api;

namespace CertOperator.Cli.Local;

/// <summary>
/// Stands in for the CustomResourceDefinition of the Gateway API where nobody has installed it: Gateways are kept as they are written.
/// </summary>
internal static class GatewayDefinition
{
    public static JsonObject Document()
    {
        var (group, version, kind, plural) = (Gateway.Type.Group, Gateway.Type.Version, Gateway.Type.Kind, Gateway.Type.Plural);
        return new JsonObject
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1",
            ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{plural}.{group}",
                ["annotations"] = new JsonObject { ["api-approved.kubernetes.io"] = "unapproved, a stand-in" },
            },
            ["spec"] = new JsonObject
            {
                ["group"] = group,
                ["scope"] = "Namespaced",
                ["names"] = new JsonObject { ["kind"] = kind, ["listKind"] = $"{kind}List", ["plural"] = plural, ["singular"] = "gateway" },
                ["versions"] = new JsonArray(new JsonObject
                {
                    ["name"] = version,
                    ["served"] = true,
                    ["storage"] = true,
                    ["schema"] = new JsonObject { ["openAPIV3Schema"] = new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true } },
                }),
            },
        };
    }
}
