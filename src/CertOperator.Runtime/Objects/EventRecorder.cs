using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using CertOperator.Runtime.Client;
using Microsoft.Extensions.Logging;

namespace CertOperator.Runtime.Objects;

/// <summary>
/// Writes core/v1 Events behind the back of the caller, who never waits and never sees a failure. An event that says the
/// same about the same object within ten minutes raises the count of the first one; an object that has too much to say is
/// cut short. Thread-safe.
/// </summary>
public sealed class EventRecorder(IKubeClient client, string component, TimeProvider time, ILogger logger)
{
    private const int Backlog = 1000;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(5);

    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(Backlog);
    private readonly EventLedger _ledger = new(time);
    private long _serial;

    /// <summary>Records that all is well.</summary>
    public void Normal(IKubeObject about, string reason, string message)
        => Record(ObjectReference.To(about), EventSeverity.Normal, reason, message);

    /// <summary>Records that somebody should look.</summary>
    public void Warning(IKubeObject about, string reason, string message)
        => Record(ObjectReference.To(about), EventSeverity.Warning, reason, message);

    /// <summary>
    /// Records that somebody should look, unless an event in the cluster says so already: one that this program wrote before it
    /// was started anew, for instance.
    /// </summary>
    /// <param name="about">The object that <c>kubectl describe</c> shows it with.</param>
    /// <param name="reason">CamelCase word for machines.</param>
    /// <param name="message">One sentence for people; cut at 1 KiB of UTF-8.</param>
    /// <param name="again">It is so again after it was not: raises the count of the event that is there.</param>
    public void Advise(IKubeObject about, string reason, string message, bool again)
        => Enqueue(new EventNote(ObjectReference.To(about), EventSeverity.Warning, reason, Utf8.Cut(message, 1024), time.GetUtcNow()), again ? Lasting.Again : Lasting.Once);

    /// <summary>Records an event.</summary>
    /// <param name="about">The object that <c>kubectl describe</c> shows it with.</param>
    /// <param name="severity">How it is shown.</param>
    /// <param name="reason">CamelCase word for machines.</param>
    /// <param name="message">One sentence for people; cut at 1 KiB of UTF-8.</param>
    public void Record(ObjectReference about, EventSeverity severity, string reason, string message)
        => Enqueue(new EventNote(about, severity, reason, Utf8.Cut(message, 1024), time.GetUtcNow()), Lasting.No);

    /// <summary>Writes events until cancelled; then what is still waiting, for a few seconds at most, and returns.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var stopping = cancel.Register(() =>
        {
            _queue.Writer.TryComplete();
            end.CancelAfter(LastWords);
        });
        await foreach (var pending in _queue.Reader.ReadAllAsync(CancellationToken.None))
        {
            if (pending.Note is { } note)
                await WriteAsync(note, pending.Lasting, end.Token);
            pending.Flushed?.SetResult();
        }
    }

    /// <summary>Waits until everything recorded so far is written or given up. <see cref="RunAsync"/> must be running.</summary>
    public async Task FlushAsync(CancellationToken cancel)
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync(new Pending(null, Lasting.No, flushed), cancel);
        await flushed.Task.WaitAsync(cancel);
    }

    private void Enqueue(EventNote note, Lasting lasting)
    {
        if (_queue.Writer.TryWrite(new Pending(note, lasting, null)))
            return;
        RuntimeMetrics.EventDropped("backlog");
        RuntimeLog.EventDropped(logger, note.Reason, note.About.ToString());
    }

    private async Task WriteAsync(EventNote note, Lasting lasting, CancellationToken cancel)
    {
        try
        {
            if (lasting != Lasting.No && await client.FindAsync<Event>(KeyByWords(note), cancel) is { } standing)
            {
                if (lasting == Lasting.Again && _ledger.TrySpend(note))
                    await TryRepeatAsync(note, new EventLedger.Written(KeyByWords(note), standing.Count ?? 1, note.At), cancel);
                return;
            }

            var former = _ledger.Find(note);
            if (!_ledger.TrySpend(note))
                RuntimeMetrics.EventDropped("rate");
            else if (former is null || !await TryRepeatAsync(note, former, cancel))
                _ledger.Remember(note, await CreateAsync(note, lasting == Lasting.No ? KeyByTime(note) : KeyByWords(note), cancel), count: 1);
        }
        catch (KubeException exception) when (exception.NamespaceTerminating)
        {
            RuntimeMetrics.EventDropped("namespace");
        }
        catch (Exception exception)
        {
            RuntimeMetrics.EventDropped("failure");
            RuntimeLog.EventFailed(logger, note.Reason, note.About.ToString(), exception.Message);
        }
    }

    private async Task<bool> TryRepeatAsync(EventNote note, EventLedger.Written former, CancellationToken cancel)
    {
        var patch = new JsonObject { ["count"] = former.Count + 1, ["lastTimestamp"] = KubeTimeConverter.Format(note.At) };
        try
        {
            await client.PatchAsync<Event>(former.Key, patch, cancel);
            _ledger.Remember(note, former.Key, former.Count + 1);
            return true;
        }
        catch (KubeException exception) when (exception.Failure is KubeFailure.NotFound)
        {
            return false; // events live for an hour at most, so it may be gone
        }
    }

    /// <summary>As client-go names events: object, dot, time; and a number, because a clock may stand still.</summary>
    private ObjectKey KeyByTime(EventNote note) => Key(note, $".{note.At.UtcTicks:x}-{_serial++:x}");

    /// <summary>A name that every process makes of the same words about the same object.</summary>
    private static ObjectKey KeyByWords(EventNote note)
    {
        var words = Encoding.UTF8.GetBytes($"{note.About.Uid}\n{note.Reason}\n{note.Message}");
        return Key(note, $".{Convert.ToHexStringLower(SHA256.HashData(words).AsSpan(0, 8))}");
    }

    private static ObjectKey Key(EventNote note, string suffix)
        => new(note.Namespace, note.About.Name![..Math.Min(note.About.Name!.Length, 253 - suffix.Length)] + suffix);

    private async Task<ObjectKey> CreateAsync(EventNote note, ObjectKey key, CancellationToken cancel)
    {
        await client.CreateAsync(
            new Event
            {
                Metadata = new ObjectMeta { Name = key.Name, Namespace = key.Namespace },
                InvolvedObject = note.About,
                Reason = note.Reason,
                Message = note.Message,
                Severity = note.Severity.ToString(),
                Source = new EventSource { Component = component },
                FirstTimestamp = note.At,
                LastTimestamp = note.At,
                Count = 1,
            },
            cancel);
        return key;
    }

    private sealed record Pending(EventNote? Note, Lasting Lasting, TaskCompletionSource? Flushed);

    /// <summary>Whether an event that stands in the cluster counts as said.</summary>
    private enum Lasting
    {
        No,
        Once,
        Again,
    }
}
