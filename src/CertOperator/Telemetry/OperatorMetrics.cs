using System.Diagnostics.Metrics;

namespace CertOperator.Telemetry;

/// <summary>
/// Every instrument of the product that is not about one object; what is so of each object is written at a scrape (<see cref="PrometheusText"/>).
/// </summary>
internal static class OperatorMetrics
{
    private static readonly Meter Meter = new("CertOperator");

    private static readonly Histogram<double> IssuanceDuration = Meter.CreateHistogram(
        "certoperator.issuance.duration",
        "s",
        "Time from the begin of an attempt to the written Secret.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 14400] });

    private static readonly Counter<long> Probes = Meter.CreateCounter<long>(
        "certoperator.served.probes", description: "Handshakes that ask what is served, by what came of them.");

    /// <summary>The meter to subscribe to. No constant: who asks for it makes the instruments, so that the build is told of from the start.</summary>
    public static string MeterName => Meter.Name;

    static OperatorMetrics() => Meter.CreateObservableGauge(
        "certoperator.build.info",
        () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", Product.Version)),
        description: "Always 1; the version is its label.");

    /// <param name="issuerType">The member of the issuer's spec that says who signs: acme, ca, selfSigned.</param>
    /// <param name="took">From the begin of the attempt.</param>
    public static void Issued(string issuerType, TimeSpan took)
        => IssuanceDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("issuer_type", issuerType));

    /// <param name="result">A CamelCase word of this program.</param>
    public static void Probed(string result) => Probes.Add(1, new KeyValuePair<string, object?>("result", result));
}
