using System.Collections.Concurrent;
using CertOperator.Pki.Keys;

namespace CertOperator.Pki.Tests.Signing;

/// <summary>One key of each kind for all tests of a class: an RSA key takes longer to make than all else.</summary>
public sealed class KeyRing : IDisposable
{
    private readonly ConcurrentDictionary<(KeyAlgorithm, int), PrivateKey> _keys = [];

    public PrivateKey Of(KeyAlgorithm algorithm, int size) =>
        _keys.GetOrAdd((algorithm, size), kind => PrivateKey.Generate(kind.Item1, kind.Item2));

    public void Dispose()
    {
        foreach (var key in _keys.Values)
            key.Dispose();
    }
}
