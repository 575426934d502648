namespace CertOperator.Benchmarks.Acme;

/// <summary>Certificates by way of the operator.</summary>
/// <param name="Elapsed">From the first create to the last Ready.</param>
/// <param name="Times">From each create to the watch event that shows Ready.</param>
/// <param name="Complaints">One sentence for each Secret that does not verify.</param>
internal sealed record Batch(TimeSpan Elapsed, IReadOnlyList<TimeSpan> Times, IReadOnlyList<string> Complaints)
{
    public override string ToString() =>
        $"{Times.Count / Elapsed.TotalSeconds:F1} certificates/s, create to Ready p50 {Figures.Milliseconds(Figures.Percentile(Times, 0.5))}, p99 {Figures.Milliseconds(Figures.Percentile(Times, 0.99))}";
}

/// <param name="Route">How HTTP-01 requests come to the operator.</param>
/// <param name="InTurn">One after the other.</param>
/// <param name="Requests">Requests per certificate of those.</param>
/// <param name="Writes">Writes at the API server for one of those, by verb and kind.</param>
/// <param name="AtOnce">All at once.</param>
internal sealed record OperatorResult(string Route, Batch InTurn, double Requests, string Writes, Batch AtOnce)
{
    public bool AllVerify => InTurn.Complaints.Count + AtOnce.Complaints.Count == 0;

    public void Print(TextWriter output)
    {
        output.WriteLine($"operator, from the create of a Certificate to Ready, HTTP-01 at its own port, route {Route}:");
        output.WriteLine($"  {InTurn.Times.Count} one after the other: {InTurn}, {Requests:F1} requests per certificate");
        output.WriteLine($"  writes for one of them: {Writes}");
        output.WriteLine($"  {AtOnce.Times.Count} in parallel: {AtOnce}");
        foreach (var complaint in InTurn.Complaints.Concat(AtOnce.Complaints).Take(5))
        {
            output.WriteLine($"  {complaint}");
        }
    }
}
