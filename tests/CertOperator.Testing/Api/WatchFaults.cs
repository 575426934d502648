namespace CertOperator.Testing.Api;

/// <summary>What goes wrong on the wire of open watches.</summary>
public sealed class WatchFaults
{
    private int _breaks;

    /// <summary>Sends half of the next event's line, on whichever watch it occurs, and breaks the connection.</summary>
    public void BreakNextEvent() => Interlocked.Increment(ref _breaks);

    internal bool TakeBreak()
    {
        if (Interlocked.Decrement(ref _breaks) >= 0) return true;
        Interlocked.Increment(ref _breaks);
        return false;
    }
}
