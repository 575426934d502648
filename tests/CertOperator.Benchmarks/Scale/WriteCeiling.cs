using System.Diagnostics;
using System.Text.Json.Nodes;
using CertOperator.Testing.Cluster;

namespace CertOperator.Benchmarks.Scale;

/// <summary>
/// Measures a <see cref="Ceiling"/> with copies of what the operator wrote, under a service account as the operator has one:
/// authorized by RBAC, and in the audit log.
/// </summary>
internal sealed class WriteCeiling : IDisposable
{
    private const int Count = 400;
    private const string Namespace = "ceiling";
    private const string Secrets = $"/api/v1/namespaces/{Namespace}/secrets";
    private const string Certificates = $"/apis/certoperator.io/v1/namespaces/{Namespace}/certificates";
    private const string NameMark = "@name@";

    private const string Role = $$"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: writer, namespace: {{Namespace}}}
        rules: [{apiGroups: ["", certoperator.io], resources: [secrets, certificates, certificates/status], verbs: ["*"]}]
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
    private readonly string _certificate;
    private readonly string _status;

    private WriteCeiling(RawWriter writer, JsonNode secret, JsonNode certificate)
    {
        _writer = writer;
        _secret = Copy(secret, "type", "data");
        _certificate = Copy(certificate, "spec");
        _status = Copy(certificate, "status");
    }

    /// <summary>Bytes of one Secret on the wire.</summary>
    public int SecretBytes => _secret.Length;

    /// <param name="cluster">Where to write.</param>
    /// <param name="secret">A Secret that the operator wrote: the copies are as large.</param>
    /// <param name="certificate">Its Certificate, with the status that the operator wrote.</param>
    public static async Task<WriteCeiling> CreateAsync(TestCluster cluster, JsonNode secret, JsonNode certificate)
    {
        var token = await cluster.TokenAsync(Namespace, "writer");
        await cluster.ApplyAsync(Role);
        return new WriteCeiling(new RawWriter(cluster.Address, cluster.Authorities, token), secret, certificate);
    }

    /// <summary>The best rates among the parallelisms that are tried.</summary>
    public async Task<Ceiling> FindAsync(CancellationToken cancel) => new(
        await BestAsync(CreateSecret, Parallelisms, cancel),
        await BestAsync(ApplySecret, Parallelisms, cancel),
        await BestAsync(ApplyStatus, Parallelisms, cancel));

    /// <summary>The rates once more, at the parallelisms that were found to be the best.</summary>
    public async Task<Ceiling> AgainAsync(Ceiling best, CancellationToken cancel) => new(
        await BestAsync(CreateSecret, [best.Creates.Parallelism], cancel),
        await BestAsync(ApplySecret, [best.Applies.Parallelism], cancel),
        await BestAsync(ApplyStatus, [best.Statuses.Parallelism], cancel));

    public void Dispose() => _writer.Dispose();

    private static string Copy(JsonNode written, params string[] fields)
    {
        var copy = new JsonObject
        {
            ["apiVersion"] = written["apiVersion"]!.DeepClone(),
            ["kind"] = written["kind"]!.DeepClone(),
            ["metadata"] = new JsonObject
            {
                ["name"] = NameMark,
                ["namespace"] = Namespace,
                ["labels"] = written["metadata"]!["labels"]?.DeepClone(),
                ["annotations"] = written["metadata"]!["annotations"]?.DeepClone(),
            },
        };
        foreach (var field in fields)
        {
            copy[field] = written[field]!.DeepClone();
        }

        return copy.ToJsonString();
    }

    private static string Named(string copy, string name) => copy.Replace(NameMark, name, StringComparison.Ordinal);

    private Task CreateSecret(string name, CancellationToken cancel) => _writer.CreateAsync(Secrets, Named(_secret, name), cancel);

    private Task ApplySecret(string name, CancellationToken cancel) => _writer.ApplyAsync($"{Secrets}/{name}", Named(_secret, name), cancel);

    private Task ApplyStatus(string name, CancellationToken cancel) => _writer.ApplyAsync($"{Certificates}/{name}/status", Named(_status, name), cancel);

    private Task CreateCertificate(string name, CancellationToken cancel) => _writer.CreateAsync(Certificates, Named(_certificate, name), cancel);

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
        if (write == ApplyStatus)
        {
            await WriteAllAsync(CreateCertificate, parallelism, cancel);
        }

        var since = Stopwatch.GetTimestamp();
        await WriteAllAsync(write, parallelism, cancel);
        var elapsed = Stopwatch.GetElapsedTime(since);
        await _writer.DeleteAsync(Secrets, cancel);
        await _writer.DeleteAsync(Certificates, cancel);
        return new Rate(Count / elapsed.TotalSeconds, parallelism);
    }

    private static Task WriteAllAsync(Func<string, CancellationToken, Task> write, int parallelism, CancellationToken cancel)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancel };
        return Parallel.ForEachAsync(Enumerable.Range(0, Count), options, async (i, stop) => await write($"ceiling-{i}", stop));
    }
}
