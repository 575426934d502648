using System.Diagnostics.Metrics;

namespace CertOperator.Telemetry;

/// <summary>Every instrument of the product that counts what happened; what is so now is read from the caches (<see cref="PrometheusText"/>).</summary>
internal static class OperatorMetrics
{
    /// <summary>The meter to subscribe to.</summary>
    public const string MeterName = "CertOperator";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> Issuances = Meter.CreateCounter<long>(
        "certoperator.issuance.attempts", description: "Attempts to issue a certificate that came to an end, by kind of issuer and by result: issued, or the reason of the failure.");

    private static readonly Histogram<double> IssuanceDuration = Meter.CreateHistogram(
        "certoperator.issuance.duration",
        "s",
        "Time from the begin of an attempt to the written Secret.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 14400] });

    static OperatorMetrics() => Meter.CreateObservableGauge(
        "certoperator.build.info",
        () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", Product.Version)),
        description: "Always 1; the version is its label.");

    /// <param name="issuerKind">Issuer or ClusterIssuer.</param>
    /// <param name="took">From the begin of the attempt.</param>
    public static void Issued(string issuerKind, TimeSpan took)
    {
        Ended(issuerKind, "issued");
        IssuanceDuration.Record(took.TotalSeconds, new KeyValuePair<string, object?>("issuer_kind", issuerKind));
    }

    /// <param name="issuerKind">Issuer or ClusterIssuer.</param>
    /// <param name="reason">A CamelCase word of this program; never a text of others.</param>
    public static void Failed(string issuerKind, string reason) => Ended(issuerKind, reason);

    private static void Ended(string issuerKind, string result)
        => Issuances.Add(1, new KeyValuePair<string, object?>("issuer_kind", issuerKind), new("result", result));
}
