namespace CertOperator.Acme.Protocol;

/// <summary>Nonces that replies brought, newest first (RFC 8555 section 6.5). Thread-safe.</summary>
internal sealed class NoncePool(TimeProvider time)
{
    private const int Capacity = 32;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly LinkedList<(string Nonce, long At)> _nonces = new();
    private readonly Lock _lock = new();

    public void Add(string nonce)
    {
        lock (_lock)
        {
            _nonces.AddFirst((nonce, time.GetTimestamp()));
            if (_nonces.Count > Capacity) _nonces.RemoveLast();
        }
    }

    /// <summary>The newest nonce, which is now the caller's; null if there is none that is fresh.</summary>
    public string? Take()
    {
        lock (_lock)
        {
            if (_nonces.First is not { } newest) return null;
            if (time.GetElapsedTime(newest.Value.At) > Lifetime)
            {
                _nonces.Clear();
                return null;
            }
            _nonces.RemoveFirst();
            return newest.Value.Nonce;
        }
    }

    /// <summary>Forgets all: when one is refused, the server has probably forgotten the others too.</summary>
    public void Clear()
    {
        lock (_lock) _nonces.Clear();
    }

    /// <summary>Whether it is base64url, as section 6.5.1 demands; else it must be ignored.</summary>
    public static bool IsNonce(string? value)
        => value is { Length: > 0 and <= AcmeLimits.Nonce } && !value.AsSpan().ContainsAnyExcept(Jose.Base64UrlText.Characters);
}
