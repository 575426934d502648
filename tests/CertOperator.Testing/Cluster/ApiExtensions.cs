using System.Net;
using System.Text.Json.Nodes;
using CertOperator.Testing.Processes;

namespace CertOperator.Testing.Cluster;

/// <summary>
/// Has kube-apiserver pass on to the apiextensions-apiserver, which listens on a port of loopback, what is asked of
/// CustomResourceDefinitions and of the kinds that they define.
/// </summary>
internal sealed class ApiExtensions(ClusterClient admin, int port)
{
    public const string Definitions = $"/apis/{Group}/v1/customresourcedefinitions";

    private const string Group = "apiextensions.k8s.io";
    private const string Services = "/apis/apiregistration.k8s.io/v1/apiservices";
    private const string Namespace = "kube-system";
    private const string Service = "apiextensions";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Passes on the definitions.</summary>
    public async Task StartAsync()
    {
        await admin.CreateAsync($"/api/v1/namespaces/{Namespace}/services", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = Service },
            ["spec"] = new JsonObject { ["type"] = "ExternalName", ["externalName"] = "localhost" },
        });
        await PassOnAsync(Group, "v1");
    }

    /// <summary>Passes on the kinds of every definition, which are established, and returns when they are answered.</summary>
    public async Task ServeDefinedAsync()
    {
        foreach (JsonNode spec in (await admin.ListAsync(Definitions)).Select(definition => definition["spec"]!))
        {
            foreach (JsonNode? version in spec["versions"]!.AsArray().Where(version => (bool)version!["served"]!))
            {
                await PassOnAsync((string)spec["group"]!, (string)version!["name"]!);
                var path = $"/apis/{spec["group"]}/{version["name"]}/{spec["names"]!["plural"]}";
                await Eventually.HoldsAsync($"{path} is answered", () => IsAnsweredAsync(path), Patience);
            }
        }
    }

    private async Task PassOnAsync(string group, string version)
    {
        var path = $"{Services}/{version}.{group}";
        var present = await admin.FindAsync(path);
        if ((string?)present?["spec"]!["service"]?["name"] != Service)
        {
            // Without the label by which kube-apiserver would take it back for its own.
            var wanted = new JsonObject { ["metadata"] = new JsonObject { ["name"] = $"{version}.{group}" }, ["spec"] = Spec(group, version) };
            wanted["metadata"]!["resourceVersion"] = present?["metadata"]!["resourceVersion"]!.DeepClone();
            await (present is null ? admin.CreateAsync(Services, wanted) : admin.ReplaceAsync(path, wanted));
        }

        await Eventually.HoldsAsync($"{group}/{version} is served by the apiextensions-apiserver", async () => IsServed(await admin.GetAsync(path)), Patience);
    }

    /// <summary>kube-apiserver, and the storage of the kind, take a moment more.</summary>
    private async Task<bool> IsAnsweredAsync(string path)
    {
        try
        {
            await admin.GetAsync($"{path}?limit=1");
            return true;
        }
        catch (HttpRequestException e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable)
        {
            return false;
        }
    }

    private JsonObject Spec(string group, string version) => new()
    {
        ["group"] = group,
        ["version"] = version,
        ["groupPriorityMinimum"] = 1000,
        ["versionPriority"] = 100,
        ["insecureSkipTLSVerify"] = true,
        ["service"] = new JsonObject { ["namespace"] = Namespace, ["name"] = Service, ["port"] = port },
    };

    /// <summary>It has been looked at over there; the reason is Local for what kube-apiserver serves itself.</summary>
    private static bool IsServed(JsonNode service) => service["status"]?["conditions"]?.AsArray().Any(condition =>
        (string?)condition!["type"] == "Available" && (string?)condition["status"] == "True" && (string?)condition["reason"] == "Passed") == true;
}
