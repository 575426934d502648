using System.Text.Json.Nodes;
using CertOperator.Runtime.Yaml;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Charts;

/// <summary>The chart as helm renders it, without a cluster.</summary>
internal static class Chart
{
    public const string Release = OperatorInstallation.Namespace;

    private static readonly HashSet<string> HelmLabels = ["app.kubernetes.io/managed-by", "helm.sh/chart"];

    public static string Folder { get; } = Path.Combine(Repository.Root, "charts", "cert-operator");

    /// <summary>The objects that the release <paramref name="release"/> consists of.</summary>
    /// <param name="values">As for <c>--set</c>.</param>
    /// <param name="release">Its name.</param>
    public static async Task<IReadOnlyList<JsonObject>> RenderAsync(string values = "", string release = Release)
        => Read((await TryRenderAsync(values, release)).OrThrow());

    public static Task<CommandResult> TryRenderAsync(string values, string release = Release)
        => HelmAsync("template", release, Folder, "--namespace", OperatorInstallation.Namespace, "--set", values);

    /// <summary>Skips the test when there is no helm on this machine.</summary>
    public static async Task<CommandResult> HelmAsync(params string[] arguments)
        => await Command.RunAsync(await MissingPart.SkipsAsync(() => Task.FromResult(TestCache.Helm)), arguments);

    /// <summary>What kustomize makes of a folder of <c>config</c>, as <see cref="RenderAsync"/>.</summary>
    public static async Task<IReadOnlyList<JsonObject>> KustomizeAsync(string folder)
        => Read((await Command.RunAsync(TestCache.Kubectl, ["kustomize", Path.Combine(Repository.Root, folder)])).OrThrow());

    /// <summary>Takes away what only Helm has a use for.</summary>
    public static JsonObject WithoutHelm(JsonObject item)
    {
        JsonObject copy = item.DeepClone().AsObject();
        JsonObject metadata = copy["metadata"]!.AsObject();
        foreach (string label in HelmLabels)
            (metadata["labels"] as JsonObject)?.Remove(label);
        if (metadata["annotations"] is JsonObject annotations && annotations.Remove("helm.sh/resource-policy") && annotations.Count == 0)
            metadata.Remove("annotations");
        return copy;
    }

    public static string Kind(JsonNode item) => (string)item["kind"]!;

    public static JsonObject Single(IEnumerable<JsonObject> items, string kind) => items.Single(item => Kind(item) == kind);

    private static IReadOnlyList<JsonObject> Read(string yaml) => [.. YamlReader.Read(yaml).Select(document => document.Root)];
}
