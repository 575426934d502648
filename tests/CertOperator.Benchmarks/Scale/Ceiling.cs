namespace CertOperator.Benchmarks.Scale;

/// <summary>Writes per second at the parallelism that gave the most.</summary>
internal sealed record Rate(double PerSecond, int Parallelism)
{
    public override string ToString() => $"{PerSecond:F0}/s ({Parallelism} in parallel)";
}

/// <summary>What the API server takes from a client that does nothing but write, by kind of write.</summary>
/// <param name="Creates">Creates of a TLS Secret.</param>
/// <param name="Applies">Server-side applies that create a TLS Secret.</param>
/// <param name="Statuses">Server-side applies of the status of a Certificate that had none.</param>
internal sealed record Ceiling(Rate Creates, Rate Applies, Rate Statuses)
{
    /// <summary>The mean of two measurements: one before and one after the operator's run.</summary>
    public static Ceiling Mean(Ceiling before, Ceiling after) => new(
        Mean(before.Creates, after.Creates), Mean(before.Applies, after.Applies), Mean(before.Statuses, after.Statuses));

    public override string ToString() => $"Secret creates {Creates}, Secret applies {Applies}, status applies {Statuses}";

    private static Rate Mean(Rate before, Rate after) => before with { PerSecond = (before.PerSecond + after.PerSecond) / 2 };
}
