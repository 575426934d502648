using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Controllers.Certificates;
using CertOperator.Runtime.Client;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Rollouts;

/// <summary>
/// Restarts workloads by an annotation of their pods. Its value is the fingerprint of the certificate: to write it twice, after a crash for
/// instance, restarts nothing. What fails is told, and never holds up the Certificate.
/// </summary>
internal sealed class RolloutRunner(IKubeClient client, bool isOn, TimeProvider time)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Later = TimeSpan.FromHours(1);

    private readonly RolloutSlots _slots = new();

    /// <returns>How it stands now; null if that cannot be said of a spec that breaks a rule.</returns>
    public async Task<RolloutState?> RunAsync(Situation after, CancellationToken cancel)
    {
        if (after.Desired is null)
            return null;
        var plan = RolloutPlan.Decide(after, isOn, () => _slots.Take(after.Now, after.Certificate.Metadata.Uid ?? ""));
        return plan.IsDue ? await RestartAsync(after, plan.State.Status!, cancel) : plan.State;
    }

    private async Task<RolloutState> RestartAsync(Situation after, RolloutStatus status, CancellationToken cancel)
    {
        string fingerprint = after.Secret!.Certificate!.Fingerprint;
        JsonObject patch = Patch(after.Certificate, fingerprint);
        List<string> restarted = [], missing = [], failed = [];
        TimeSpan again = Later;
        foreach (RolloutSpec target in after.Spec.Rollout!)
        {
            try
            {
                await PatchAsync(target, new ObjectKey(after.Certificate.Metadata.Namespace ?? "", target.Name), patch, cancel);
                restarted.Add(target.ToString());
            }
            catch (KubeException absent) when (absent.Failure is KubeFailure.NotFound)
            {
                missing.Add(target.ToString());
            }
            catch (KubeException refused) when (!refused.NamespaceTerminating)
            {
                failed.Add($"{target} was not restarted: {refused.Message}{Advice(refused)}");
                again = refused.Failure is KubeFailure.Unavailable or KubeFailure.Throttled ? Soon : Later;
            }
        }

        if (failed.Count > 0)
            return new(status with { NextTime = ApiTime.NotBefore(time.GetUtcNow() + again) }, RolloutPlan.Condition(after, false, RolloutPlan.Failed, $"{string.Join(' ', failed)} It is tried again."));
        string done = restarted.Count == 0 ? "" : $"Restarted for the certificate {after.Secret.Certificate.SerialNumber}: {string.Join(", ", restarted)}. ";
        var now = new RolloutStatus { Fingerprint = fingerprint };
        return missing.Count > 0
            ? new(now, RolloutPlan.Condition(after, false, RolloutPlan.Missing, $"{done}There is no {string.Join(", no ", missing)} in the namespace to restart: correct rollout."))
            : new(now, RolloutPlan.Condition(after, true, ConditionTypes.RolledOut, done.TrimEnd()));
    }

    private Task PatchAsync(RolloutSpec target, ObjectKey key, JsonObject patch, CancellationToken cancel) => target.Kind switch
    {
        "Deployment" => client.PatchAsync<Deployment>(key, patch, cancel),
        "StatefulSet" => client.PatchAsync<StatefulSet>(key, patch, cancel),
        _ => client.PatchAsync<DaemonSet>(key, patch, cancel),
    };

    /// <summary>A key of its own for each Certificate: one workload may use several.</summary>
    private static JsonObject Patch(Certificate certificate, string fingerprint)
    {
        var annotations = new JsonObject { [$"rollout.{ApiGroup.Prefixed(TlsSecret.LabelValue(certificate.Metadata.Name ?? ""))}"] = fingerprint };
        return new JsonObject { ["spec"] = new JsonObject { ["template"] = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = annotations } } } };
    }

    private static string Advice(KubeException refused)
        => refused.Failure is KubeFailure.Forbidden ? " Give the operator the rights of config/rbac/rollouts.yaml, or look at the admission webhooks." : "";
}
