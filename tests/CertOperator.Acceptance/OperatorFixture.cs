using CertOperator.Cli.Local;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance;

/// <summary>The operator installed on the cluster of this assembly, by the first test that asks for it.</summary>
public class OperatorFixture(ClusterFixture clusters)
{
    private Task<OperatorInstallation>? _installation;

    public async Task<OperatorInstallation> GetAsync()
    {
        TestCluster cluster = await clusters.GetAsync();
        return await (_installation ??= InstallAsync(cluster));
    }

    private static async Task<OperatorInstallation> InstallAsync(TestCluster cluster)
    {
        OperatorInstallation installation = await OperatorInstallation.InstallAsync(cluster);
        // Until now the operator went without Gateways.
        string gateways = Path.Combine(cluster.Folder, "gateways.json");
        await File.WriteAllTextAsync(gateways, GatewayDefinition.Document().ToJsonString());
        await cluster.DefineAsync(gateways);
        if (cluster.Version is ClusterVersion.Oldest)
            await MeasureAsync(installation);
        return installation;
    }

    /// <summary>While the cluster is empty.</summary>
    private static async Task MeasureAsync(OperatorInstallation installation)
    {
        await using (OperatorProcess idle = await installation.StartAsync())
        {
            Measurements.Add("time to ready", $"{idle.TimeToReady.TotalMilliseconds:F0} ms");
            Measurements.Add("idle RSS", $"{idle.ResidentBytes / 1_000_000} MB");
        }

        var toNobody = new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{FreePorts.Take(1)[0]}" };
        await using OperatorProcess traced = await installation.StartAsync(environment: toNobody);
        Measurements.Add("idle RSS with traces", $"{traced.ResidentBytes / 1_000_000} MB");
    }
}

/// <summary>Tests that run an operator: one at a time, for each works on the whole cluster.</summary>
[CollectionDefinition(Name)]
public sealed class OperatorTestGroup : ICollectionFixture<OperatorFixture>
{
    public const string Name = "operator";
}
