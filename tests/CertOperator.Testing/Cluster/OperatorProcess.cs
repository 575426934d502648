using System.Diagnostics;
using CertOperator.Testing.Processes;

namespace CertOperator.Testing.Cluster;

/// <summary>The operator's own process, as it runs in production.</summary>
public sealed class OperatorProcess : IAsyncDisposable
{
    // The exporter answers from memory for 300 ms, so a shorter look would see one state twice.
    private const int QuietLooks = 5;

    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(150);

    private readonly ServerProcess _process;
    private readonly Uri _address;

    private OperatorProcess(ServerProcess process, Uri address, TimeSpan timeToReady)
    {
        _process = process;
        _address = address;
        TimeToReady = timeToReady;
    }

    /// <summary>From the start of the process to the first 200 of <c>/readyz</c>.</summary>
    public TimeSpan TimeToReady { get; }

    /// <summary>Where it answers probes and scrapes.</summary>
    public Uri Address => _address;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>User and system time since the start.</summary>
    public TimeSpan CpuTime => _process.CpuTime;

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes => _process.ResidentBytes;

    /// <summary>The most resident memory so far, in bytes.</summary>
    public long PeakResidentBytes => _process.PeakResidentBytes;

    /// <summary>Starts a program and returns once <c>/readyz</c> on <paramref name="port"/> of loopback answers 200.</summary>
    /// <exception cref="ServerEndedException">The program ended instead; the message holds the end of its log.</exception>
    public static async Task<OperatorProcess> StartAsync(
        string program,
        IEnumerable<string> arguments,
        int port,
        string logPath,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        // The client's own first request is slow, and would count as the program's time to ready.
        await HttpStart.AnswersAsync(client, "/readyz");
        var since = Stopwatch.GetTimestamp();
        var process = ServerProcess.Start(program, arguments, logPath, environment);
        try
        {
            await Eventually.HoldsAsync(
                $"{program} is ready; its log is {logPath}",
                () => process.HasExited ? throw new ServerEndedException(process) : HttpStart.AnswersAsync(client, "/readyz"),
                ReadyTimeout);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }

        return new OperatorProcess(process, client.BaseAddress, Stopwatch.GetElapsedTime(since));
    }

    public string ReadLog() => _process.ReadLog();

    /// <summary>
    /// Waits until no key waits for a worker and no key was worked on for a while: what the operator has seen, it has
    /// dealt with.
    /// </summary>
    public async Task SettleAsync()
    {
        using var client = new HttpClient { BaseAddress = _address };
        using var patience = new CancellationTokenSource(SettleTimeout);
        string[] before = [];
        for (var quiet = 0; quiet < QuietLooks;)
        {
            await Task.Delay(LookPause, patience.Token);
            string[] now = [.. (await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), patience.Token)).Split('\n').Where(IsWork)];
            quiet = now.SequenceEqual(before) ? quiet + 1 : 0;
            before = now;
        }
    }

    /// <summary>SIGTERM; returns the exit status.</summary>
    public Task<int> StopAsync() => _process.StopAsync();

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => _process.KillAsync();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static bool IsWork(string line) =>
        line.StartsWith("certoperator_queue_depth", StringComparison.Ordinal)
        || line.StartsWith("certoperator_reconcile_duration_seconds_count", StringComparison.Ordinal);
}
