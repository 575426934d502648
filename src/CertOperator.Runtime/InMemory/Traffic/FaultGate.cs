namespace CertOperator.Runtime.InMemory.Traffic;

/// <summary>Holds one request back.</summary>
public sealed class FaultGate
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the request is at the gate.</summary>
    public Task Arrived => _arrived.Task;

    /// <summary>Lets it go on.</summary>
    public void Open() => _open.TrySetResult();

    internal async Task PassAsync(CancellationToken cancel)
    {
        _arrived.TrySetResult();
        await _open.Task.WaitAsync(cancel).ConfigureAwait(false);
    }
}
