using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace CertOperator.Telemetry;

/// <summary>
/// The part of an issuance's tree of spans that one reconcile adds. The identifiers of the tree and of its root follow from the
/// attempt's, so that every reconcile of it, on whichever replica, adds to one tree; whoever brings the attempt to its end exports the root.
/// </summary>
internal sealed class IssuanceTrace : IDisposable
{
    /// <summary>The activity source to subscribe to.</summary>
    public const string SourceName = "CertOperator";

    public const string RootName = "issue certificate";

    public const string Issued = "issued";
    public const string Failed = "failed";

    /// <summary>Nothing is under way yet: it begins anew later.</summary>
    public const string Postponed = "postponed";

    /// <summary>It is not wanted any more, or not needed.</summary>
    public const string Abandoned = "abandoned";

    /// <summary>An exception, or the end of the process or of its leadership, and nothing is stored that could be taken up again.</summary>
    public const string Interrupted = "interrupted";

    private static readonly ActivitySource Source = new(SourceName);

    private readonly Activity _root;
    private string? _outcome;

    private IssuanceTrace(Activity root, string? outcome)
    {
        _root = root;
        _outcome = outcome;
    }

    /// <summary>Whether anybody listens.</summary>
    public static bool IsWanted => Source.HasListeners();

    /// <summary>From now until it is disposed, every span is below the attempt's root. Null if nobody listens, or not to this attempt.</summary>
    public static IssuanceTrace? Begin(TracedAttempt attempt)
    {
        if (!IsWanted)
            return null;
        var (trace, span) = TraceIds.Of(attempt.Id);
        var outside = new ActivityContext(trace, spanId: default, ActivityTraceFlags.Recorded);
        if (Source.StartActivity(RootName, ActivityKind.Internal, outside, startTime: attempt.Began) is not { } root)
            return null;
        SpanIdOf(root) = span.ToHexString();
        root.SetTag("certoperator.attempt.id", attempt.Id)
            .SetTag("k8s.namespace.name", attempt.Certificate.Namespace)
            .SetTag("certoperator.certificate.name", attempt.Certificate.Name)
            .SetTag("certoperator.issuer", attempt.Issuer);
        return new IssuanceTrace(root, attempt.GoesOn ? null : Interrupted);
    }

    /// <summary>Part of what is done now; null outside of a trace.</summary>
    public static Activity? Step(string name) => Activity.Current is null ? null : Source.StartActivity(name);

    /// <summary>Something about the attempt.</summary>
    public void Tell(string name, string value) => _root.SetTag(name, value);

    /// <summary>The attempt is not over: its root is for a later reconcile to export.</summary>
    public void GoOn() => _outcome = null;

    /// <param name="outcome">One of the constants.</param>
    /// <param name="reason">A CamelCase word of this program for why it did not succeed.</param>
    public void End(string outcome, string? reason = null)
    {
        _outcome = outcome;
        if (reason is not null)
            _root.SetTag("error.type", reason);
    }

    public void Dispose()
    {
        if (_outcome is null)
        {
            _root.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            _root.IsAllDataRequested = false;
        }
        else
        {
            _root.SetTag("certoperator.outcome", _outcome);
            if (_outcome is Failed or Interrupted)
                _root.SetStatus(ActivityStatusCode.Error);
        }

        _root.Dispose();
    }

    // .NET lets one choose the identifier of a trace, but not that of a span. A test of the published binary holds that this works.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spanId")]
    private static extern ref string? SpanIdOf(Activity activity);
}
