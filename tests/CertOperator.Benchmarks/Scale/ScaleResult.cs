namespace CertOperator.Benchmarks.Scale;

/// <summary>Writes of the operator, as the API server's audit log shows them.</summary>
internal readonly record struct WriteCount(int Objects, int Events);

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

    public required (Rate Before, Rate After) Creates { get; init; }

    public required (Rate Before, Rate After) Applies { get; init; }

    /// <summary>Objects of the backlog, and as many arrivals.</summary>
    public required int Count { get; init; }

    public required Backlog Backlog { get; init; }

    public required Arrivals Arrivals { get; init; }

    public required long PeakBytes { get; init; }

    /// <summary>One sentence for each certificate that does not count.</summary>
    public required IReadOnlyList<string> Complaints { get; init; }

    public bool AllReady => Complaints.Count == 0;

    private double Seconds => Backlog.Elapsed.TotalSeconds;

    /// <summary>Seconds that the writes of the backlog would have taken at the ceiling, over the seconds that they took.</summary>
    private double Share(double objects, double events) => (objects / Mean(Applies) + events / Mean(Creates)) / Seconds;

    public void Print(TextWriter output)
    {
        output.WriteLine($"write ceiling, Secrets of {SecretBytes} bytes: creates {Creates.Before}, {Creates.After.PerSecond:F0}/s after the run; server-side applies {Applies.Before}, {Applies.After.PerSecond:F0}/s after the run");
        output.WriteLine($"ready and verified: {(2 * Count) - Complaints.Count} of {2 * Count}");
        output.WriteLine($"rate: {Count / Seconds:F1} certificates/s, {Count} in {Seconds:F1} s from the start of the process");
        output.WriteLine($"writes per certificate, by the API server's audit log: {(double)Backlog.Writes.Objects / Count:F2} of objects, {(double)Backlog.Writes.Events / Count:F2} of events");
        output.WriteLine($"ratio to the write ceiling: {Share(Backlog.InTime.Objects, Backlog.InTime.Events):F2}, of objects alone {Share(Backlog.InTime.Objects, 0):F2}");
        output.WriteLine($"apply to Ready, {Count} arrivals at {Arrivals.PerSecond:F0}/s: p50 {Latency(0.5)}, p99 {Latency(0.99)}");
        output.WriteLine($"operator: {Backlog.Cpu.TotalSeconds:F1} s of CPU for the backlog, peak RSS {Figures.Megabytes(PeakBytes)}");
        foreach (var complaint in Complaints.Take(ComplaintsShown))
        {
            output.WriteLine(complaint);
        }
    }

    private static double Mean((Rate Before, Rate After) rates) => (rates.Before.PerSecond + rates.After.PerSecond) / 2;

    private string Latency(double share) => Figures.Milliseconds(Figures.Percentile(Arrivals.Latencies, share));
}
