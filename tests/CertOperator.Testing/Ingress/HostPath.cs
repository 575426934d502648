using System.Globalization;
using System.Text.Json.Nodes;

namespace CertOperator.Testing.Ingress;

/// <summary>A path of a host whose requests are passed on to a Service.</summary>
/// <param name="Path">As the rule has it.</param>
/// <param name="IsExact">Nothing below it.</param>
/// <param name="Upstream">Host and port.</param>
internal sealed record HostPath(string Path, bool IsExact, string Upstream)
{
    /// <summary>
    /// The paths of a rule that lead to Services of type ExternalName, the only ones that can be reached where there is no
    /// Service network; other paths have no server behind them.
    /// </summary>
    public static IEnumerable<HostPath> From(JsonNode ingress, JsonNode rule, Dictionary<(string?, string?), JsonNode> services) =>
        from path in VirtualHost.Items(rule["http"], "paths")
        let backend = path["backend"]?["service"]
        let service = services.GetValueOrDefault(VirtualHost.Key(ingress, (string?)backend?["name"]))
        let target = (string?)service?["spec"]!["externalName"]
        let port = (int?)backend?["port"]?["number"]
        where target is not null && port is not null
        select new HostPath((string)path["path"]!, (string?)path["pathType"] == "Exact", string.Create(CultureInfo.InvariantCulture, $"{target}:{port}"));
}
