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
/// <param name="Stages">Requests of the library within the rounds.</param>
internal sealed record InProcessResult(double LibraryRequests, double FloorRequests, IReadOnlyList<Round> Rounds, IReadOnlyDictionary<string, (int Count, double Seconds)> Stages)
{
    public void Print(TextWriter output)
    {
        var all = new Round([.. Rounds.SelectMany(round => round.Library)], [.. Rounds.SelectMany(round => round.Floor)]);
        output.WriteLine($"in-process, {all.Library.Count} certificates each, in turn:");
        output.WriteLine($"  library: {LibraryRequests:F1} requests per certificate (aim: at most 10), {Times(all.Library)} (aim: median at most 60 ms)");
        output.WriteLine($"  mean {all.Library.Average(t => t.TotalMilliseconds):F1} ms: {string.Join(", ", Stages.Select(s => $"{s.Key} {(double)s.Value.Count / all.Library.Count:F2} x {1000 * s.Value.Seconds / s.Value.Count:F2}"))}; sum {1000 * Stages.Values.Sum(s => s.Seconds) / all.Library.Count:F1}");
        output.WriteLine($"  floor: {FloorRequests:F1} requests per certificate, {Times(all.Floor)}");
        output.WriteLine($"  ratio of the medians: {all.Ratio:F2} (aim: at most 3); of {Rounds.Count} rounds: {Rounds.Min(round => round.Ratio):F2} to {Rounds.Max(round => round.Ratio):F2}");
    }

    private static string Times(IReadOnlyList<TimeSpan> times) =>
        $"median {Milliseconds(times, 0.5)}, p99 {Milliseconds(times, 0.99)}";

    private static string Milliseconds(IReadOnlyList<TimeSpan> times, double share) => $"{Figures.Percentile(times, share).TotalMilliseconds:F1} ms";
}
