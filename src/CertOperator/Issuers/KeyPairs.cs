using System.Collections.Concurrent;
using CertOperator.Pki.Keys;

namespace CertOperator.Issuers;

/// <summary>
/// Makes key pairs. One of RSA-2048 costs as much as thousands on P-256, so RSA is made away from the caller's thread, on
/// at most half of the processors, and a few of the common size are made ahead once one was asked for.
/// </summary>
internal sealed class KeyPairs : IDisposable
{
    private const int WarmSize = 2048;
    private const int WarmCount = 4;

    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly ConcurrentQueue<PrivateKey> _warm = [];
    private int _warming;

    public ValueTask<PrivateKey> NextAsync(KeyAlgorithm algorithm, int size, CancellationToken cancel)
    {
        if (algorithm != KeyAlgorithm.Rsa)
            return ValueTask.FromResult(PrivateKey.Generate(algorithm, size));
        if (size != WarmSize)
            return new ValueTask<PrivateKey>(MakeAsync(size, cancel));

        bool ready = _warm.TryDequeue(out PrivateKey? key);
        StartWarming();
        return ready ? ValueTask.FromResult(key!) : new ValueTask<PrivateKey>(MakeAsync(size, cancel));
    }

    public void Dispose() => _turns.Dispose();

    private void StartWarming()
    {
        if (Interlocked.Exchange(ref _warming, 1) == 0)
            _ = WarmAsync();
    }

    private async Task WarmAsync()
    {
        try
        {
            while (_warm.Count < WarmCount)
                _warm.Enqueue(await MakeAsync(WarmSize, CancellationToken.None));
        }
        finally
        {
            Volatile.Write(ref _warming, 0);
        }
    }

    private async Task<PrivateKey> MakeAsync(int size, CancellationToken cancel)
    {
        await _turns.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => PrivateKey.Generate(KeyAlgorithm.Rsa, size), CancellationToken.None);
        }
        finally
        {
            _turns.Release();
        }
    }
}
