namespace CertOperator.Benchmarks;

/// <summary>Sums up measured values.</summary>
internal static class Figures
{
    /// <summary>The smallest value that at least this share of all values does not exceed (nearest rank); zero of no value.</summary>
    public static TimeSpan Percentile(IEnumerable<TimeSpan> values, double share)
    {
        TimeSpan[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? TimeSpan.Zero : sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }

    public static string Milliseconds(TimeSpan time) => $"{time.TotalMilliseconds:F0} ms";

    public static string Megabytes(long bytes) => $"{bytes / 1e6:F1} MB";
}
