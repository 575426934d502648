using CertOperator.Runtime.Client;
using Microsoft.Extensions.Logging;

namespace CertOperator.Runtime;

/// <summary>Every line that the runtime logs.</summary>
internal static partial class RuntimeLog
{
    [LoggerMessage(100, LogLevel.Information, "{Informer}: in sync with {Count} objects, {Undecodable} undecodable")]
    public static partial void Synced(ILogger logger, string informer, int count, int undecodable);

    [LoggerMessage(101, LogLevel.Warning, "{Informer}: cannot list or watch: {Reason} Trying again in {Delay}; until then the cached state is used")]
    public static partial void InformerFailed(ILogger logger, string informer, string reason, TimeSpan delay);

    [LoggerMessage(102, LogLevel.Information, "{Informer}: the server no longer knows the version watched from; listing anew in {Delay}")]
    public static partial void WatchExpired(ILogger logger, string informer, TimeSpan delay);

    [LoggerMessage(103, LogLevel.Error, "{Informer}: unexpected failure, a defect of this program; listing anew in {Delay}")]
    public static partial void InformerCrashed(ILogger logger, string informer, TimeSpan delay, Exception exception);

    [LoggerMessage(104, LogLevel.Error, "{Informer}: {Key} cannot be decoded: {Reason} Its last good state stays in use; correct the object")]
    public static partial void Undecodable(ILogger logger, string informer, ObjectKey key, string reason);

    [LoggerMessage(105, LogLevel.Error, "{Informer}: a subscriber failed on the change of {Key}, a defect of this program")]
    public static partial void SubscriberFailed(ILogger logger, string informer, ObjectKey key, Exception exception);

    [LoggerMessage(106, LogLevel.Warning, "{Informer}: not seen for lack of rights, as if there were none: {Reason}")]
    public static partial void InformerRefused(ILogger logger, string informer, string reason);

    [LoggerMessage(107, LogLevel.Information, "{Informer}: the cluster has no such kind; it is looked for again every few minutes")]
    public static partial void KindMissing(ILogger logger, string informer);

    [LoggerMessage(108, LogLevel.Warning, "{Informer}: cannot be listed, and is done without for some minutes: {Reason}")]
    public static partial void DoneWithout(ILogger logger, string informer, string reason);

    [LoggerMessage(200, LogLevel.Warning, "{Controller}: {Key} failed: {Reason} Trying again in {Delay}")]
    public static partial void ReconcileFailed(ILogger logger, string controller, ObjectKey key, string reason, TimeSpan delay);

    [LoggerMessage(201, LogLevel.Debug, "{Controller}: {Key} was changed by somebody else meanwhile; trying again in {Delay}")]
    public static partial void ReconcileConflict(ILogger logger, string controller, ObjectKey key, TimeSpan delay);

    [LoggerMessage(202, LogLevel.Error, "{Controller}: {Key} failed unexpectedly; trying again in {Delay}")]
    public static partial void ReconcileCrashed(ILogger logger, string controller, ObjectKey key, TimeSpan delay, Exception exception);

    [LoggerMessage(203, LogLevel.Warning, "{Controller}: {Key} cannot succeed until something changes: {Reason}")]
    public static partial void ReconcileTerminal(ILogger logger, string controller, ObjectKey key, string reason);

    [LoggerMessage(300, LogLevel.Information, "{Identity} leads: it holds the lease {Lease}")]
    public static partial void LeadershipGained(ILogger logger, string identity, ObjectKey lease);

    [LoggerMessage(301, LogLevel.Warning, "{Identity} no longer leads: {Reason}")]
    public static partial void LeadershipLost(ILogger logger, string identity, string reason);

    [LoggerMessage(302, LogLevel.Warning, "Lease {Lease}: {Reason} Trying again")]
    public static partial void LeaseFailed(ILogger logger, ObjectKey lease, string reason);

    [LoggerMessage(303, LogLevel.Information, "{Identity} released the lease {Lease}")]
    public static partial void LeaseReleased(ILogger logger, string identity, ObjectKey lease);

    [LoggerMessage(400, LogLevel.Warning, "The event {Reason} on {Target} could not be written: {Failure}")]
    public static partial void EventFailed(ILogger logger, string reason, string target, string failure);

    [LoggerMessage(401, LogLevel.Warning, "The event {Reason} on {Target} was dropped: too many events are waiting to be written")]
    public static partial void EventDropped(ILogger logger, string reason, string target);
}
