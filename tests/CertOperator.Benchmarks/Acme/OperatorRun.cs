using System.Diagnostics;
using System.Text;
using CertOperator.Runtime.Client;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Benchmarks.Acme;

/// <summary>The operator's own process on a real API server; Pebble asks the operator's own port about the challenges.</summary>
internal sealed class OperatorRun(PebbleServer server, int port, TestCluster cluster, string binary)
{
    private const int InTurn = 20;
    private const int AtOnce = 100;

    /// <summary>Names of ClusterIssuers with their solvers: who serves port 80 sends requests here, or an Ingress is written for them.</summary>
    private static readonly Dictionary<string, string> Solvers = new()
    {
        ["external"] = "{route: External}",
        ["shared"] = $$"""{ingress: {ingressClassName: {{Workload.ClassName}} } }""",
    };

    public async Task<IReadOnlyList<OperatorResult>> RunAsync(CancellationToken cancel)
    {
        var installation = await Installation.CreateAsync(cluster);
        await using var watch = new ReadyWatch(cluster);
        await using var certOperator = await installation.StartAsync(binary, port);
        var results = new List<OperatorResult>();
        foreach (var issuer in Solvers.Keys)
        {
            await cluster.ApplyAsync(IssuerOf(issuer));
            results.Add(await RunAsync(issuer, watch, cancel));
        }

        await certOperator.StopAsync();
        return results;
    }

    private string IssuerOf(string name) => $$"""
        apiVersion: certoperator.io/v1
        kind: ClusterIssuer
        metadata: {name: {{name}} }
        spec:
          acme:
            server: {{server.DirectoryUrl}}
            caBundle: {{Convert.ToBase64String(Encoding.ASCII.GetBytes(server.TrustPem))}}
            privateKeySecretRef: {name: account}
            selfCheck: "Off"
            solvers: [{http01: {{Solvers[name]}} }]
        """;

    private async Task<OperatorResult> RunAsync(string issuer, ReadyWatch watch, CancellationToken cancel)
    {
        var workload = new Workload(cluster, issuer, Workload.Certificate);
        await RunAsync(workload, watch, 1, 1, cancel);
        var (requests, position) = (server.CountRequests(), cluster.AuditLog.Position);
        var inTurn = await RunAsync(workload, watch, InTurn, 1, cancel);
        var perCertificate = (double)(server.CountRequests() - requests) / InTurn;
        var writes = Writes(position);
        return new OperatorResult(issuer, inTurn, perCertificate, writes, await RunAsync(workload, watch, AtOnce, AtOnce, cancel));
    }

    /// <summary>What the operator wrote for one certificate; its Lease is none of a certificate's.</summary>
    private string Writes(long position) => string.Join(", ", cluster.AuditLog.Read(Installation.User, position)
        .Where(entry => entry.IsWrite && entry.Resource != "leases")
        .CountBy(entry => $"{entry.Verb} {entry.Resource}{(entry.Subresource.Length > 0 ? "/" : "")}{entry.Subresource}")
        .OrderByDescending(pair => pair.Value)
        .Select(pair => $"{pair.Key} {(double)pair.Value / InTurn:F1}"));

    /// <summary>Creates Certificates in a namespace of their own, so many at a time, and waits for each to be Ready.</summary>
    private async Task<Batch> RunAsync(Workload workload, ReadyWatch watch, int count, int parallel, CancellationToken cancel)
    {
        var ns = await workload.PrepareAsync();
        var times = new TimeSpan[count];
        var since = Stopwatch.GetTimestamp();
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancel };
        await Parallel.ForAsync(0, count, options, async (index, stop) =>
        {
            var certificate = new ObjectKey(ns, Workload.Name(index + 1));
            var sent = Stopwatch.GetTimestamp();
            await workload.CreateAsync(ns, certificate.Name);
            await Eventually.HoldsAsync($"{certificate} is Ready", () => Task.FromResult(watch.ReadyAt(certificate) is not null), TimeSpan.FromMinutes(2));
            times[index] = Stopwatch.GetElapsedTime(sent, watch.ReadyAt(certificate)!.Value);
        });
        return new Batch(Stopwatch.GetElapsedTime(since), times, await ComplaintsAsync(ns, count));
    }

    /// <summary>One sentence for each Secret that holds no certificate of Pebble's for its host.</summary>
    private async Task<IReadOnlyList<string>> ComplaintsAsync(string ns, int count)
    {
        var roots = await server.RootsAsync();
        var complaints = new List<string>();
        foreach (var name in Enumerable.Range(1, count).Select(Workload.Name))
        {
            var secret = await cluster.Admin.GetAsync($"/api/v1/namespaces/{ns}/secrets/{name}");
            if (SecretCheck.Complaint(secret, Workload.Host(name), roots) is { } why)
            {
                complaints.Add($"{ns}/{name}: {why}");
            }
        }

        return complaints;
    }
}
