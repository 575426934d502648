using CertOperator.Runtime.Leadership;

namespace CertOperator.Runtime.Tests.Leadership;

/// <summary>One who competes for the lease, and works while it is held.</summary>
internal sealed class Candidate : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Action<int>? _count;
    private int _terms;
    private volatile bool _works;

    public Candidate(LeaseElector elector, Action<int>? count)
    {
        Elector = elector;
        _count = count;
        Running = elector.RunAsync(WorkAsync, _stop.Token);
    }

    public LeaseElector Elector { get; }

    public Task Running { get; }

    public int Terms => Volatile.Read(ref _terms);

    public bool Works => _works;

    public void Stop() => _stop.Cancel();

    public void Dispose() => _stop.Dispose();

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Running;
    }

    private async Task WorkAsync(CancellationToken cancel)
    {
        _count?.Invoke(1);
        Interlocked.Increment(ref _terms);
        _works = true;
        await Task.Delay(Timeout.Infinite, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _count?.Invoke(-1);
        _works = false;
    }
}
