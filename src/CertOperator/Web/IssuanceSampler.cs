using System.Diagnostics;
using OpenTelemetry.Trace;

namespace CertOperator.Web;

/// <summary>
/// Takes a share of the attempts, by their identifiers, so that every replica takes the same ones; and of each attempt all spans. What belongs
/// to no attempt, such as the questions when to renew, is left out.
/// </summary>
internal sealed class IssuanceSampler(double ratio) : Sampler
{
    private readonly TraceIdRatioBasedSampler _ofTraces = new(ratio);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
        => samplingParameters.ParentContext.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)
            ? _ofTraces.ShouldSample(samplingParameters)
            : new SamplingResult(SamplingDecision.Drop);
}
