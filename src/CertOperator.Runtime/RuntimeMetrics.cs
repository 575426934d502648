using System.Diagnostics.Metrics;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client.Http;
using CertOperator.Runtime.Controllers;

namespace CertOperator.Runtime;

/// <summary>Every instrument of the runtime.</summary>
public static class RuntimeMetrics
{
    /// <summary>The meter to subscribe to.</summary>
    public const string MeterName = "CertOperator.Runtime";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Histogram<double> ReconcileDuration = Meter.CreateHistogram(
        "certoperator.reconcile.duration",
        "s",
        "Time of one attempt to reconcile a key.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 120] });

    private static readonly Histogram<double> QueueWait = Meter.CreateHistogram(
        "certoperator.queue.wait",
        "s",
        "Time between a key being due and a worker taking it.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900] });

    private static readonly Counter<long> EventsDropped = Meter.CreateCounter<long>(
        "certoperator.events.dropped",
        description: "Events that were not written, by cause: rate (too many on one object), backlog, namespace (it is being deleted), failure.");

    private static readonly Counter<long> ApiRequests = Meter.CreateCounter<long>(
        "certoperator.api.requests", description: "HTTP requests to the API server, by verb, resource and status; status 0 if there was no reply.");

    private static readonly Histogram<double> ApiRequestDuration = Meter.CreateHistogram(
        "certoperator.api.request.duration",
        "s",
        "Time from a request to the API server to the head of its reply.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    internal static void Reconciled(string controller, ReconcileResult result, TimeSpan duration, TimeSpan waited)
    {
        var name = new KeyValuePair<string, object?>("controller", controller);
        ReconcileDuration.Record(duration.TotalSeconds, name, new("result", NameOf(result)));
        QueueWait.Record(waited.TotalSeconds, name);
    }

    internal static void EventDropped(string cause) => EventsDropped.Add(1, new KeyValuePair<string, object?>("cause", cause));

    /// <param name="request">What was asked.</param>
    /// <param name="status">The HTTP status; 0 if there was no reply.</param>
    /// <param name="duration">Until the head of the reply.</param>
    internal static void Requested(KubeRequest request, int status, TimeSpan duration)
    {
        var verb = new KeyValuePair<string, object?>("verb", VerbOf(request));
        ApiRequests.Add(1, verb, new("resource", ResourceOf(request)), new("status", status));
        ApiRequestDuration.Record(duration.TotalSeconds, verb);
    }

    /// <summary>Reports the state of a manager's parts until disposed.</summary>
    internal static IDisposable Observe(
        IReadOnlyList<IInformer> informers, IReadOnlyList<Controller> controllers, Func<bool> leads, TimeProvider time)
    {
        var meter = new Meter(MeterName);
        meter.CreateObservableGauge("certoperator.leader", () => leads() ? 1 : 0,
            description: "1 on the replica that works, 0 on those that wait.");
        meter.CreateObservableGauge("certoperator.informer.objects", () => informers.Select(i => Of(i, (long)i.Count)),
            description: "Cached objects.");
        meter.CreateObservableGauge("certoperator.informer.undecodable", () => informers.Select(i => Of(i, (long)i.Undecodable)),
            description: "Objects whose present state cannot be decoded.");
        meter.CreateObservableGauge("certoperator.informer.silence",
            () => from i in informers where i.LastSignOfLife is not null select Of(i, (time.GetUtcNow() - i.LastSignOfLife!.Value).TotalSeconds),
            "s", "Time since the API server last sent anything for a cache.");
        meter.CreateObservableGauge("certoperator.queue.depth", () => controllers.Where(c => c.IsRunning).Select(c => Of(c, (long)c.Queue.Depth)),
            description: "Keys that wait for a worker.");
        meter.CreateObservableGauge("certoperator.queue.oldest",
            () => controllers.Where(c => c.IsRunning).Select(c => Of(c, c.Queue.OldestWait.TotalSeconds)),
            "s", "How long the oldest of them has been waiting.");
        return meter;
    }

    private static Measurement<TValue> Of<TValue>(IInformer informer, TValue value)
        where TValue : struct
        => new(value, new KeyValuePair<string, object?>("informer", informer.Name));

    private static Measurement<TValue> Of<TValue>(Controller controller, TValue value)
        where TValue : struct
        => new(value, new KeyValuePair<string, object?>("controller", controller.Name));

    /// <summary>As the API server's audit log has it.</summary>
    private static string VerbOf(KubeRequest request) => request.Method.Method switch
    {
        "GET" when request.Key is not null => "get",
        "GET" => request.IsWatch ? "watch" : "list",
        "POST" => "create",
        "PUT" => "update",
        var method => method.ToLowerInvariant(),
    };

    /// <summary>What is posted to no object goes to a kind that users name, whose text is kept out of labels.</summary>
    private static string ResourceOf(KubeRequest request)
        => request is { Key: null, IsRead: false } ? "other" : request.Type.QualifiedName + request.Subresource;

    private static string NameOf(ReconcileResult result) => result switch
    {
        ReconcileResult.Done => "done",
        ReconcileResult.After => "after",
        ReconcileResult.Conflict => "conflict",
        ReconcileResult.Error => "error",
        ReconcileResult.Terminal => "terminal",
        ReconcileResult.Cancelled => "cancelled",
        _ => "abandoned",
    };
}
