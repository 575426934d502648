using System.Diagnostics.Metrics;
using CertOperator.Acme.Errors;

namespace CertOperator.Acme;

/// <summary>Every instrument of the library. Labels are words of this library, never text of a server.</summary>
public static class AcmeMetrics
{
    /// <summary>The meter to subscribe to.</summary>
    public const string MeterName = "CertOperator.Acme";

    /// <summary>The activity source to subscribe to.</summary>
    public const string ActivitySourceName = "CertOperator.Acme";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> RequestDuration = Meter.CreateHistogram(
        "certoperator.acme.request.duration",
        "s",
        "Time of one HTTP request to an ACME server.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    private static readonly Counter<long> Problems = Meter.CreateCounter<long>(
        "certoperator.acme.problems", description: "Refusals of ACME servers, by type of problem. A refused nonce counts too.");

    /// <param name="stage">What was being done.</param>
    /// <param name="status">The HTTP status; 0 if there was no reply.</param>
    /// <param name="duration">From the first octet sent to the last one received.</param>
    internal static void Answered(AcmeStage stage, int status, TimeSpan duration)
        => RequestDuration.Record(duration.TotalSeconds, new("stage", NameOf(stage)), new("status", status));

    internal static void Refused(AcmeStage stage, AcmeProblem? problem)
        => Problems.Add(1, new("stage", NameOf(stage)), new("type", ProblemTypes.ForMetric(problem?.Type ?? ProblemTypes.None)));

    private static string NameOf(AcmeStage stage) => stage.ToString();
}
