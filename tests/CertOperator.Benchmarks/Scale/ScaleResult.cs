namespace CertOperator.Benchmarks.Scale;

/// <summary>Writes of the operator, as the API server's audit log shows them.</summary>
/// <param name="Secrets">Server-side applies of Secrets.</param>
/// <param name="Certificates">Server-side applies of Certificates and of their status.</param>
/// <param name="Events">Creates of events.</param>
internal readonly record struct WriteCount(int Secrets, int Certificates, int Events)
{
    public int Objects => Secrets + Certificates;

    public int Total => Objects + Events;
}

/// <summary>Objects that were there before the operator started.</summary>
/// <param name="Elapsed">From the start of the process to the last Ready.</param>
/// <param name="InTime">Writes within that time.</param>
/// <param name="Writes">Writes until the operator had nothing more to write.</param>
/// <param name="Cpu">CPU time of the operator within that time.</param>
internal sealed record Backlog(TimeSpan Elapsed, WriteCount InTime, WriteCount Writes, TimeSpan Cpu);

/// <summary>Objects that were created while the operator ran.</summary>
/// <param name="PerSecond">Creates per second.</param>
/// <param name="Latencies">From a create to the watch event that shows Ready, of those that became so.</param>
internal sealed record Arrivals(double PerSecond, IReadOnlyList<TimeSpan> Latencies);

/// <summary>All figures of a run; README.md says how each is defined.</summary>
internal sealed record ScaleResult
{
    private const int ComplaintsShown = 5;

    public required int SecretBytes { get; init; }

    /// <summary>The ceiling before the operator's run.</summary>
    public required Ceiling Before { get; init; }

    /// <summary>The ceiling after it.</summary>
    public required Ceiling After { get; init; }

    /// <summary>Objects of the backlog, and as many arrivals.</summary>
    public required int Count { get; init; }

    public required Backlog Backlog { get; init; }

    public required Arrivals Arrivals { get; init; }

    public required long PeakBytes { get; init; }

    /// <summary>One sentence for each certificate that does not count.</summary>
    public required IReadOnlyList<string> Complaints { get; init; }

    public bool AllReady => Complaints.Count == 0;

    private double Seconds => Backlog.Elapsed.TotalSeconds;

    public void Print(TextWriter output)
    {
        output.WriteLine($"write ceiling, Secrets of {SecretBytes} bytes: {Before}");
        output.WriteLine($"write ceiling after the run: {After}");
        output.WriteLine($"ready and verified: {(2 * Count) - Complaints.Count} of {2 * Count}");
        output.WriteLine($"rate: {Count / Seconds:F1} certificates/s, {Count} in {Seconds:F1} s from the start of the process");
        output.WriteLine($"writes per certificate, by the API server's audit log: {(double)Backlog.Writes.Objects / Count:F2} of objects, {(double)Backlog.Writes.Events / Count:F2} of events");
        output.WriteLine($"ratio to the ceiling of the same writes: {Ratio(own: true):F2}; to that of Secrets: {Ratio(own: false):F2}");
        output.WriteLine($"apply to Ready, {Count} arrivals at {Arrivals.PerSecond:F0}/s: p50 {Latency(0.5)}, p99 {Latency(0.99)}");
        output.WriteLine($"operator: {Backlog.Cpu.TotalSeconds:F1} s of CPU for the backlog, peak RSS {Figures.Megabytes(PeakBytes)}");
        foreach (var complaint in Complaints.Take(ComplaintsShown))
        {
            output.WriteLine(complaint);
        }
    }

    /// <summary>Seconds that the writes of the backlog would have taken at the ceiling, over the seconds that they took.</summary>
    /// <param name="own">Each kind of write at its own ceiling; otherwise all applies at that of Secrets.</param>
    private double Ratio(bool own)
    {
        var ceiling = Ceiling.Mean(Before, After);
        var applies = own ? ceiling.Statuses : ceiling.Applies;
        return ((Backlog.InTime.Secrets / ceiling.Applies.PerSecond)
            + (Backlog.InTime.Certificates / applies.PerSecond)
            + (Backlog.InTime.Events / ceiling.Creates.PerSecond)) / Seconds;
    }

    private string Latency(double share) => Figures.Milliseconds(Figures.Percentile(Arrivals.Latencies, share));
}
