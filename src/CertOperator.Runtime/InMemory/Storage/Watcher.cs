using System.Threading.Channels;

namespace CertOperator.Runtime.InMemory.Storage;

/// <summary>One open watch with a queue of its own.</summary>
internal sealed class Watcher(Selection selection, int capacity, Action<Watcher> close) : IDisposable
{
    private readonly Channel<Delivery> _queue = Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = true });
    private int _undelivered;

    public Selection Selection { get; } = selection;

    /// <summary>Events that were queued and that the consumer has not finished: it finishes one by asking for the next.</summary>
    public int Undelivered => Volatile.Read(ref _undelivered);

    /// <summary>Queues an event; a consumer that lags too far behind is cut off, as a real server would.</summary>
    public void Offer(Delivery delivery)
    {
        if (Undelivered >= capacity)
        {
            End();
            return;
        }

        Interlocked.Increment(ref _undelivered);
        if (!_queue.Writer.TryWrite(delivery)) Interlocked.Decrement(ref _undelivered);
    }

    /// <summary>Ends the stream after what is queued.</summary>
    public void End() => _queue.Writer.TryComplete();

    public async IAsyncEnumerable<Delivery> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var delivery in _queue.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
        {
            try
            {
                yield return delivery;
            }
            finally
            {
                Interlocked.Decrement(ref _undelivered);
            }
        }
    }

    public void Dispose() => close(this);
}
