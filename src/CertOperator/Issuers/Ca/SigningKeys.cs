using System.Collections.Concurrent;
using CertOperator.Api;
using CertOperator.Pki;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Signing;
using CertOperator.Runtime.Client;
using CertOperator.Secrets;

namespace CertOperator.Issuers.Ca;

/// <summary>
/// CA key pairs, read from their Secrets when they are needed. A key stays in memory only while certificates are being
/// signed with it, so that a thousand issuances cost one read and an idle operator holds no key.
/// </summary>
internal sealed class SigningKeys(IKubeClient client, TimeProvider time)
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ObjectKey, Held> _held = [];

    /// <summary>The key pair of a Secret as of a version.</summary>
    /// <exception cref="PkiException">There is none that can be read; the message says why.</exception>
    public async Task<SigningKey> GetAsync(ObjectKey secret, string resourceVersion, CancellationToken cancel)
    {
        DropIdle();
        if (_held.TryGetValue(secret, out Held? held) && held.ResourceVersion == resourceVersion)
        {
            held.LastUsed = time.GetTimestamp();
            return held.Key;
        }

        Secret found = await client.FindAsync<Secret>(secret, cancel)
            ?? throw new PkiException("It does not exist any more.");
        SigningKey key = Read(found);
        _held[secret] = new Held(key, found.Metadata.ResourceVersion ?? "") { LastUsed = time.GetTimestamp() };
        return key;
    }

    private static SigningKey Read(Secret secret)
    {
        IReadOnlyList<IssuedCertificate> chain = Pem.ReadCertificates(Entry(SecretEntries.Certificate));
        PrivateKey key = PrivateKey.ReadPem(Entry(SecretEntries.PrivateKey));
        IReadOnlyList<IssuedCertificate> anchors = secret.Data!.TryGetValue(SecretEntries.Ca, out byte[]? ca) && ca.Length > 0
            ? Pem.ReadCertificates(ca)
            : [chain[^1]];
        return new SigningKey(chain, anchors, key);

        byte[] Entry(string entry) => secret.Data?.GetValueOrDefault(entry)
            ?? throw new PkiException($"It has no {entry}.");
    }

    private void DropIdle()
    {
        foreach (var (secret, held) in _held)
        {
            if (time.GetElapsedTime(held.LastUsed) > IdleTime)
                _held.TryRemove(secret, out _);
        }
    }

    private sealed class Held(SigningKey key, string resourceVersion)
    {
        public SigningKey Key { get; } = key;

        public string ResourceVersion { get; } = resourceVersion;

        public long LastUsed { get; set; }
    }
}

/// <summary>A CA certificate with its issuers, what clients trust, and the key.</summary>
internal sealed class SigningKey(IReadOnlyList<IssuedCertificate> chain, IReadOnlyList<IssuedCertificate> anchors, PrivateKey key)
{
    private readonly Lazy<CertificateAuthority> _authority = new(() => new CertificateAuthority(chain, key));

    public IReadOnlyList<IssuedCertificate> Chain { get; } = chain;

    public IReadOnlyList<IssuedCertificate> Anchors { get; } = anchors;

    public CertificateAuthority Authority => _authority.Value;

    public IReadOnlyList<CaProblem> Check(DateTimeOffset now) => CertificateAuthority.Check(Chain, key, now);
}
