namespace CertOperator.Challenges.Dns;

/// <summary>
/// One writer a record name: most providers replace the whole set of values, so two writers would lose one of them, as with
/// a domain and its wildcard in one certificate.
/// </summary>
internal sealed class RecordLocks
{
    private readonly Dictionary<string, Waiting> _names = [];

    /// <summary>Waits for the name to be free; disposing the result frees it.</summary>
    public async Task<IDisposable> EnterAsync(string name, CancellationToken cancel)
    {
        Waiting waiting;
        lock (_names)
        {
            if (!_names.TryGetValue(name, out waiting!))
                _names[name] = waiting = new Waiting();
            waiting.Count++;
        }

        try
        {
            await waiting.Turn.WaitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            Leave(name, waiting);
            throw;
        }

        return new Holder(this, name, waiting);
    }

    private void Leave(string name, Waiting waiting)
    {
        lock (_names)
        {
            if (--waiting.Count > 0)
                return;
            _names.Remove(name);
            waiting.Turn.Dispose();
        }
    }

    private sealed class Waiting
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Count { get; set; }
    }

    private sealed class Holder(RecordLocks locks, string name, Waiting waiting) : IDisposable
    {
        private bool _isFree;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isFree, true))
                return;
            waiting.Turn.Release();
            locks.Leave(name, waiting);
        }
    }
}
