using System.Diagnostics;
using System.Text.Json.Nodes;
using CertOperator.Testing.Cluster;

namespace CertOperator.Benchmarks.Scale;

/// <summary>Writes per second at the parallelism that gave the most.</summary>
internal sealed record Rate(double PerSecond, int Parallelism)
{
    public override string ToString() => $"{PerSecond:F0}/s, {Parallelism} in parallel";
}

/// <summary>
/// How many Secrets like the operator's the API server takes in a second from a client that does nothing else, which has a
/// service account as the operator has: authorized by RBAC, and in the audit log.
/// </summary>
internal sealed class WriteCeiling : IDisposable
{
    private const int Count = 400;
    private const string Namespace = "ceiling";
    private const string Secrets = $"/api/v1/namespaces/{Namespace}/secrets";
    private const string NameMark = "@name@";

    private const string Role = $$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: writer, namespace: {{Namespace}}}
        rules: [{apiGroups: [""], resources: [secrets], verbs: ["*"]}]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: writer, namespace: {{Namespace}}}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: writer}
        subjects: [{kind: ServiceAccount, name: writer, namespace: {{Namespace}}}]
        """;

    private static readonly int[] Parallelisms = [4, 8, 16, 32];

    private readonly RawWriter _writer;
    private readonly string _secret;

    private WriteCeiling(RawWriter writer, string secret) => (_writer, _secret) = (writer, secret);

    /// <summary>Bytes of one Secret on the wire.</summary>
    public int SecretBytes => _secret.Length;

    /// <param name="cluster">Where to write.</param>
    /// <param name="written">A Secret that the operator wrote: the copies are as large.</param>
    public static async Task<WriteCeiling> CreateAsync(TestCluster cluster, JsonNode written)
    {
        var token = await cluster.TokenAsync(Namespace, "writer");
        await cluster.ApplyAsync(Role);
        var copy = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Secret",
            ["metadata"] = new JsonObject
            {
                ["name"] = NameMark,
                ["namespace"] = Namespace,
                ["labels"] = written["metadata"]!["labels"]!.DeepClone(),
                ["annotations"] = written["metadata"]!["annotations"]!.DeepClone(),
            },
            ["type"] = written["type"]!.DeepClone(),
            ["data"] = written["data"]!.DeepClone(),
        };
        return new WriteCeiling(new RawWriter(cluster.Address, cluster.Authorities, token), copy.ToJsonString());
    }

    /// <summary>The best rate of creates among the parallelisms that are tried.</summary>
    public Task<Rate> CreatesAsync(CancellationToken cancel) => BestAsync(Create, Parallelisms, cancel);

    /// <summary>The best rate of server-side applies, each of which creates a Secret.</summary>
    public Task<Rate> AppliesAsync(CancellationToken cancel) => BestAsync(Apply, Parallelisms, cancel);

    /// <summary>Measures creates again, at a parallelism that is known to be the best.</summary>
    public Task<Rate> CreatesAgainAsync(Rate best, CancellationToken cancel) => BestAsync(Create, [best.Parallelism], cancel);

    /// <summary>Measures applies again, at a parallelism that is known to be the best.</summary>
    public Task<Rate> AppliesAgainAsync(Rate best, CancellationToken cancel) => BestAsync(Apply, [best.Parallelism], cancel);

    public void Dispose() => _writer.Dispose();

    private Task Create(string name, CancellationToken cancel) => _writer.CreateAsync(Secrets, Body(name), cancel);

    private Task Apply(string name, CancellationToken cancel) => _writer.ApplyAsync($"{Secrets}/{name}", Body(name), cancel);

    private string Body(string name) => _secret.Replace(NameMark, name, StringComparison.Ordinal);

    private async Task<Rate> BestAsync(Func<string, CancellationToken, Task> write, int[] parallelisms, CancellationToken cancel)
    {
        // The first requests of a process are slow, and connections have to be opened.
        await MeasureAsync(write, parallelisms[^1], cancel);
        var rates = new List<Rate>();
        foreach (var parallelism in parallelisms)
        {
            rates.Add(await MeasureAsync(write, parallelism, cancel));
        }

        return rates.MaxBy(rate => rate.PerSecond)!;
    }

    private async Task<Rate> MeasureAsync(Func<string, CancellationToken, Task> write, int parallelism, CancellationToken cancel)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancel };
        var since = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, Count), options, async (i, stop) => await write($"ceiling-{i}", stop));
        var elapsed = Stopwatch.GetElapsedTime(since);
        await _writer.DeleteAsync(Secrets, cancel);
        return new Rate(Count / elapsed.TotalSeconds, parallelism);
    }
}
