namespace CertOperator.Benchmarks.Acme;

/// <summary>Times of one certificate, taken in turn.</summary>
internal sealed record Round(List<TimeSpan> Library, List<TimeSpan> Floor)
{
    public double Ratio => Figures.Percentile(Library, 0.5) / Figures.Percentile(Floor, 0.5);
}

/// <summary>What the library and the floor client needed.</summary>
/// <param name="LibraryRequests">Requests per certificate of the library.</param>
/// <param name="FloorRequests">Requests per certificate of the floor client.</param>
/// <param name="Rounds">Times.</param>
/// <param name="InRequests">What the library spent on its requests within the rounds.</param>
internal sealed record InProcessResult(double LibraryRequests, double FloorRequests, IReadOnlyList<Round> Rounds, TimeSpan InRequests)
{
    public void Print(TextWriter output)
    {
        var all = new Round([.. Rounds.SelectMany(round => round.Library)], [.. Rounds.SelectMany(round => round.Floor)]);
        output.WriteLine($"in-process, {all.Library.Count} certificates each, in turn:");
        output.WriteLine($"  library: {LibraryRequests:F1} requests per certificate (aim: at most 10), {Times(all.Library)} (aim: median at most 60 ms)");
        output.WriteLine($"  library, mean: {Mean(all.Library)}, of which {Milliseconds(InRequests / all.Library.Count)} in requests");
        output.WriteLine($"  floor: {FloorRequests:F1} requests per certificate, {Times(all.Floor)}");
        output.WriteLine($"  ratio of the medians: {all.Ratio:F2} (aim: at most 3); of {Rounds.Count} rounds: {Rounds.Min(round => round.Ratio):F2} to {Rounds.Max(round => round.Ratio):F2}");
    }

    private static string Times(IReadOnlyList<TimeSpan> times) =>
        $"median {Milliseconds(Figures.Percentile(times, 0.5))}, p99 {Milliseconds(Figures.Percentile(times, 0.99))}";

    private static string Mean(IReadOnlyList<TimeSpan> times) => Milliseconds(times.Aggregate(TimeSpan.Zero, (sum, time) => sum + time) / times.Count);

    private static string Milliseconds(TimeSpan time) => $"{time.TotalMilliseconds:F1} ms";
}
