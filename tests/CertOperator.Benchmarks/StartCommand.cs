using System.CommandLine;
using CertOperator.Testing.Cluster;

namespace CertOperator.Benchmarks;

/// <summary><c>start</c>: how long the operator needs to be ready, and what it holds in memory when it has nothing to do.</summary>
internal static class StartCommand
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    private static readonly Option<int> Runs = new("--runs") { Description = "Starts of each binary.", DefaultValueFactory = _ => 10 };
    private static readonly Option<FileInfo[]> Binaries = new("--binary")
    {
        Description = "A binary to measure in place of the published one; several are started in turn, so that they meet the same load.",
        DefaultValueFactory = _ => [],
    };

    public static Command Create()
    {
        var command = new Command("start", "Measures time to ready (from the start of the process to the first 200 of /readyz) and idle RSS (5 s later), on an empty cluster.")
        {
            Runs, Binaries,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        string[] binaries = [.. parsed.GetValue(Binaries)!.Select(file => file.FullName)];
        if (binaries.Length == 0)
        {
            binaries = [await OperatorBinary.EnsureAsync(cancel)];
        }

        await using var cluster = await TestCluster.StartAsync();
        var installation = await Installation.CreateAsync(cluster);
        var measured = new List<Start>();
        for (var run = 0; run < parsed.GetValue(Runs); run++)
        {
            foreach (var binary in binaries)
            {
                measured.Add(await MeasureAsync(installation, binary, cancel));
            }
        }

        foreach (var starts in measured.GroupBy(start => start.Binary))
        {
            Print(starts.Key, [.. starts]);
        }

        return 0;
    }

    private static async Task<Start> MeasureAsync(Installation installation, string binary, CancellationToken cancel)
    {
        await using var certOperator = await installation.StartAsync(binary);
        var cpu = certOperator.CpuTime;
        await Task.Delay(IdleTime, TimeProvider.System, cancel);
        var start = new Start(binary, certOperator.TimeToReady, cpu, certOperator.ResidentBytes);
        await certOperator.StopAsync();
        return start;
    }

    private static void Print(string binary, IReadOnlyList<Start> starts)
    {
        var times = starts.Select(start => start.ToReady).ToArray();
        Console.WriteLine($"{binary}, {starts.Count} starts");
        Console.WriteLine($"  time to ready: median {Figures.Milliseconds(Figures.Percentile(times, 0.5))}, {Figures.Milliseconds(times.Min())} to {Figures.Milliseconds(times.Max())}");
        Console.WriteLine($"  CPU time until ready: median {Figures.Milliseconds(Figures.Percentile(starts.Select(start => start.Cpu), 0.5))}");
        Console.WriteLine($"  idle RSS: {Figures.Megabytes(starts.Min(start => start.IdleBytes))} to {Figures.Megabytes(starts.Max(start => start.IdleBytes))}");
    }

    private sealed record Start(string Binary, TimeSpan ToReady, TimeSpan Cpu, long IdleBytes);
}
