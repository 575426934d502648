using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace CertOperator.Testing.Acme.Protocol;

/// <summary>Nonces (RFC 8555 section 6.5): each is good once, for an hour.</summary>
internal sealed class Nonces(TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _given = new();

    public string Give()
    {
        var nonce = Base64.Encode(RandomNumberGenerator.GetBytes(16));
        _given[nonce] = time.GetUtcNow();
        return nonce;
    }

    public void Take(string? nonce)
    {
        if (nonce is null) throw Refusal.Malformed("the protected header has no nonce");
        if (!_given.TryRemove(nonce, out var given) || time.GetUtcNow() - given > Lifetime)
        {
            throw Refusal.Of(400, "badNonce", "the nonce is unknown, old, or was used before");
        }
    }

    /// <summary>No nonce given so far is good any longer, as after a new deployment.</summary>
    public void Forget() => _given.Clear();
}
