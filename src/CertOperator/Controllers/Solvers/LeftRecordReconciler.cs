using CertOperator.Challenges.Dns;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;
using CertOperator.Telemetry;

namespace CertOperator.Controllers.Solvers;

/// <summary>
/// Removes the DNS records of a Certificate that could not be removed when their challenges were over. Each wait is as long as all
/// before it together; after a day somebody is asked to remove them by hand.
/// </summary>
internal sealed class LeftRecordReconciler(Dns01ChallengeSolver solver, TimeProvider time, ILogger logger) : IReconciler
{
    /// <summary>Before the first attempt.</summary>
    public static readonly TimeSpan First = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    public async Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel)
    {
        TimeSpan? again = null;
        foreach (LeftRecord left in solver.LeftOf(key))
        {
            if (await solver.RemoveAsync(left.Challenge, cancel))
                continue;
            TimeSpan age = time.GetUtcNow() - left.Since;
            if (age > Patience)
            {
                solver.Forget(left);
                OperatorLog.RecordGivenUp(logger, key, left.Challenge.Challenge.Identifier.Value);
            }
            else if (again is null || age < again)
            {
                again = age < First ? First : age;
            }
        }

        return again is { } wait ? Outcome.After(wait) : Outcome.Done;
    }
}
