namespace CertOperator.Runtime.Queues;

/// <summary>
/// Keys waiting for a worker. A key is in the queue once, however often it is added: the earliest time and the highest
/// priority win. A key that a worker holds is withheld from the others until <see cref="Done"/>, and is then handed out
/// again if it was added in between. Ready keys leave by priority, then by due time, then in the order of arrival.
/// Thread-safe.
/// </summary>
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    // Timers of the platform end at 49 days; a longer wait is taken in steps.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(36_500);

    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Entry> _entries = [];
    private readonly SortedSet<Entry> _ready = new(Comparer<Entry>.Create(Entry.ByPriority));
    private readonly SortedSet<Entry> _delayed = new(Comparer<Entry>.Create(Entry.ByDue));
    private readonly HashSet<TKey> _processing = [];
    private readonly Dictionary<TKey, int> _failures = [];
    private readonly SemaphoreSlim _available = new(0);
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly long _origin;
    private readonly ITimer _timer;
    private long _arrivals;
    private bool _stopped;

    /// <summary>An empty queue.</summary>
    public WorkQueue(TimeProvider time, Backoff backoff)
    {
        _time = time;
        _backoff = backoff;
        _origin = time.GetTimestamp();
        _timer = time.CreateTimer(_ => ReleaseDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keys that a worker could take now.</summary>
    public int Depth
    {
        get { lock (_lock) return _ready.Count; }
    }

    /// <summary>No key is ready and none is being worked on; some may be due later.</summary>
    public bool IsIdle
    {
        get { lock (_lock) return _ready.Count == 0 && _processing.Count == 0; }
    }

    /// <summary>How long the oldest ready key has been waiting; zero if none is.</summary>
    public TimeSpan OldestWait
    {
        get { lock (_lock) return _ready.Count == 0 ? TimeSpan.Zero : Now - _ready.Min(entry => entry.Due); }
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Makes a key ready now.</summary>
    public void Add(TKey key, Priority priority = Priority.High) => AddAfter(key, TimeSpan.Zero, priority);

    /// <summary>Makes a key ready after a delay, unless it is so earlier already.</summary>
    public void AddAfter(TKey key, TimeSpan delay, Priority priority = Priority.High)
    {
        lock (_lock)
        {
            if (_stopped)
                return;
            var due = Now + TimeSpan.FromTicks(Math.Clamp(delay.Ticks, 0, LongestDelay.Ticks));
            if (!_entries.TryGetValue(key, out var known))
                Place(new Entry(key, priority, due, ++_arrivals));
            else if (due < known.Due || priority > known.Priority)
                Move(known, known with
                {
                    Due = due < known.Due ? due : known.Due,
                    Priority = priority > known.Priority ? priority : known.Priority,
                });
        }
    }

    /// <summary>Adds a key after one more failure of its own; returns the delay.</summary>
    /// <param name="key">The key that failed.</param>
    /// <param name="priority">Its priority when it comes back.</param>
    /// <param name="atLeast">A wait that somebody else asks for: the longer one wins.</param>
    public TimeSpan AddAfterFailure(TKey key, Priority priority = Priority.High, TimeSpan atLeast = default)
    {
        lock (_lock)
        {
            var failures = _failures[key] = _failures.GetValueOrDefault(key) + 1;
            var delay = _backoff.Delay(failures);
            if (delay < atLeast)
                delay = atLeast;
            AddAfter(key, delay, priority);
            return delay;
        }
    }

    /// <summary>Starts the back-off of this key anew.</summary>
    public void Forget(TKey key)
    {
        lock (_lock) _failures.Remove(key);
    }

    /// <summary>Waits for a key; null once the queue is shut down.</summary>
    public async Task<WorkItem<TKey>?> TakeAsync(CancellationToken cancel)
    {
        await _available.WaitAsync(cancel);
        if (cancel.IsCancellationRequested)
        {
            // The key came in the moment of cancellation: it is for the next taker.
            _available.Release();
            cancel.ThrowIfCancellationRequested();
        }

        lock (_lock)
        {
            if (_stopped)
            {
                // Each taker wakes the next one.
                _available.Release();
                return null;
            }

            var entry = _ready.Min!;
            _ready.Remove(entry);
            _entries.Remove(entry.Key);
            _processing.Add(entry.Key);
            return new WorkItem<TKey>(entry.Key, entry.Priority, Now - entry.Due);
        }
    }

    /// <summary>Gives a taken key back; if it was added meanwhile and is due, it is ready again.</summary>
    public void Done(TKey key)
    {
        lock (_lock)
        {
            if (!_processing.Remove(key))
                throw new InvalidOperationException($"{key} is not being worked on.");
            if (_entries.TryGetValue(key, out var again))
                Move(again, again);
        }
    }

    /// <summary>Ends every wait for a key; what is still queued is dropped, and later additions are ignored.</summary>
    public void Shutdown()
    {
        lock (_lock)
        {
            if (_stopped)
                return;
            _stopped = true;
            _entries.Clear();
            _ready.Clear();
            _delayed.Clear();
            _available.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Shutdown();
        _timer.Dispose();
        _available.Dispose();
    }

    private void Move(Entry from, Entry to)
    {
        _delayed.Remove(from);
        if (_ready.Remove(from))
            _ready.Add(_entries[to.Key] = to); // its place in _available is kept
        else
            Place(to);
    }

    private void Place(Entry entry)
    {
        _entries[entry.Key] = entry;
        if (entry.Due > Now)
        {
            _delayed.Add(entry);
            if (_delayed.Min == entry)
                Arm();
        }
        else if (!_processing.Contains(entry.Key))
        {
            _ready.Add(entry);
            _available.Release();
        }
    }

    private void ReleaseDue()
    {
        lock (_lock)
        {
            while (_delayed.Min is { } entry && entry.Due <= Now)
                Move(entry, entry);
            Arm();
        }
    }

    private void Arm()
    {
        if (_stopped || _delayed.Min is not { } next)
            return;
        var wait = next.Due - Now;
        // Rounded up: a timer that rings early would ring again and again until the key is due.
        _timer.Change(
            wait > LongestTimer ? LongestTimer : TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds))),
            Timeout.InfiniteTimeSpan);
    }

    private sealed record Entry(TKey Key, Priority Priority, TimeSpan Due, long Arrival)
    {
        public static int ByPriority(Entry a, Entry b)
            => a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority) : ByDue(a, b);

        public static int ByDue(Entry a, Entry b)
            => a.Due != b.Due ? a.Due.CompareTo(b.Due) : a.Arrival.CompareTo(b.Arrival);
    }
}
