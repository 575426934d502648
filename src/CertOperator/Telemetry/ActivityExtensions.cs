using System.Diagnostics;

namespace CertOperator.Telemetry;

internal static class ActivityExtensions
{
    /// <param name="step">What did not succeed.</param>
    /// <param name="reason">A word of this program for why.</param>
    public static void Fail(this Activity step, string reason) => step.SetTag("error.type", reason).SetStatus(ActivityStatusCode.Error);
}
