using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Testing.Cluster;

namespace CertOperator.Benchmarks.Scale;

/// <summary>One run: ceiling, backlog, arrivals, ceiling again. The operator runs only while it is measured.</summary>
internal sealed class ScaleRun(
    TestCluster cluster, Installation installation, Workload workload, ScaleAuthority authority, ReadyWatch watch, string binary)
{
    private const int Creators = 16;

    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(2);

    public async Task<ScaleResult> RunAsync(int count, CancellationToken cancel)
    {
        var (secret, certificate) = await SampleAsync(cancel);
        using var ceiling = await WriteCeiling.CreateAsync(cluster, secret, certificate);
        var before = await ceiling.FindAsync(cancel);

        var backlogNamespace = await workload.PrepareAsync();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Creators, CancellationToken = cancel };
        await Parallel.ForEachAsync(Names(count), options, async (name, _) => await workload.CreateAsync(backlogNamespace, name));

        var position = cluster.AuditLog.Position;
        var since = Stopwatch.GetTimestamp();
        await using var certOperator = await installation.StartAsync(binary);
        await watch.WaitAsync(backlogNamespace, count, cancel);
        var inTime = Writes(position);
        var (elapsed, cpu) = (Stopwatch.GetElapsedTime(since), certOperator.CpuTime);
        await QuietAsync(cancel);
        var backlog = new Backlog(elapsed, inTime, Writes(position), cpu);

        var arrivalsNamespace = await workload.PrepareAsync();
        var perSecond = count / elapsed.TotalSeconds / 2;
        var latencies = await ArriveAsync(arrivalsNamespace, count, perSecond, cancel);
        var peak = certOperator.PeakResidentBytes;
        await certOperator.StopAsync();

        return new ScaleResult
        {
            SecretBytes = ceiling.SecretBytes,
            Before = before,
            After = await ceiling.AgainAsync(before, cancel),
            Count = count,
            Backlog = backlog,
            Arrivals = new Arrivals(perSecond, latencies),
            PeakBytes = peak,
            Complaints = [.. await ComplaintsAsync(backlogNamespace, count), .. await ComplaintsAsync(arrivalsNamespace, count)],
        };
    }

    private static IEnumerable<string> Names(int count) => Enumerable.Range(1, count).Select(Workload.Name);

    /// <summary>Has one certificate issued, and the CA checked: a restarted operator finds its issuers so.</summary>
    private async Task<(JsonNode Secret, JsonNode Certificate)> SampleAsync(CancellationToken cancel)
    {
        var ns = await workload.PrepareAsync();
        await using var certOperator = await installation.StartAsync(binary);
        var name = Names(1).Single();
        await workload.CreateAsync(ns, name);
        if (!await watch.WaitAsync(ns, 1, cancel))
        {
            throw new InvalidOperationException(
                $"The first certificate did not become ready. {watch.Message(new ObjectKey(ns, name))} The operator's log: {certOperator.ReadLog()}");
        }

        await certOperator.StopAsync();
        return (
            await cluster.Admin.GetAsync($"/api/v1/namespaces/{ns}/secrets/{name}"),
            await cluster.Admin.GetAsync($"/apis/certoperator.io/v1/namespaces/{ns}/certificates/{name}"));
    }

    /// <summary>Creates objects at a steady rate, whether or not those before are ready; returns the time from each create to its Ready.</summary>
    private async Task<IReadOnlyList<TimeSpan>> ArriveAsync(string ns, int count, double perSecond, CancellationToken cancel)
    {
        var sent = new ConcurrentDictionary<string, long>();
        var creates = new List<Task>();
        var since = Stopwatch.GetTimestamp();
        foreach (var name in Names(count))
        {
            var due = TimeSpan.FromSeconds(creates.Count / perSecond) - Stopwatch.GetElapsedTime(since);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, TimeProvider.System, cancel);
            }

            sent[name] = Stopwatch.GetTimestamp();
            creates.Add(workload.CreateAsync(ns, name));
        }

        await Task.WhenAll(creates);
        await watch.WaitAsync(ns, count, cancel);
        return [.. sent
            .Select(pair => (Sent: pair.Value, Ready: watch.ReadyAt(new ObjectKey(ns, pair.Key))))
            .Where(times => times.Ready is not null)
            .Select(times => Stopwatch.GetElapsedTime(times.Sent, times.Ready!.Value))];
    }

    /// <summary>The operator's writes since a place in the audit log; its Lease is none of a certificate's.</summary>
    private WriteCount Writes(long position)
    {
        var writes = cluster.AuditLog.Read(Installation.User, position).Where(entry => entry.IsWrite && entry.Resource != "leases").ToList();
        var (secrets, events) = (writes.Count(entry => entry.Resource == "secrets"), writes.Count(entry => entry.Resource == "events"));
        return new WriteCount(secrets, writes.Count - secrets - events, events);
    }

    /// <summary>Waits until the operator has written nothing for a while: events follow after the objects.</summary>
    private async Task QuietAsync(CancellationToken cancel)
    {
        var before = -1;
        while (Writes(0).Total is var total && total > before)
        {
            before = total;
            await Task.Delay(QuietTime, TimeProvider.System, cancel);
        }
    }

    /// <summary>One sentence for each certificate that does not count.</summary>
    private async Task<IReadOnlyList<string>> ComplaintsAsync(string ns, int count)
    {
        var secrets = (await cluster.Admin.ListAsync($"/api/v1/namespaces/{ns}/secrets"))
            .ToDictionary(secret => (string)secret["metadata"]!["name"]!);
        return [.. Names(count).Select(name => (Name: name, Why: Complaint(name))).Where(found => found.Why is not null)
            .Select(found => $"{ns}/{found.Name}: {found.Why}")];

        string? Complaint(string name) =>
            watch.ReadyAt(new ObjectKey(ns, name)) is null ? $"It is not Ready. {watch.Message(new ObjectKey(ns, name))}"
            : !secrets.TryGetValue(name, out var secret) ? "It is Ready without a Secret."
            : authority.Complaint(secret, Workload.Host(name)) is { } why ? $"Its Secret does not verify: {why}"
            : null;
    }
}
