using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace CertOperator.Challenges.Dns.Http;

/// <summary>A bearer token, or an access key for a while. A class, not a record: its text must not show it.</summary>
internal sealed class CloudCredentials
{
    public string AccessKeyId { get; init; } = "";

    public string SecretAccessKey { get; init; } = "";

    /// <summary>The bearer token, or the session token of the access key.</summary>
    public string? Token { get; init; }

    public required DateTimeOffset Expires { get; init; }
}

/// <summary>Credentials that a cloud gave for a while: a thousand records do not need a thousand of them.</summary>
internal sealed class TokenCache(TimeProvider time)
{
    private const int Capacity = 256;

    /// <summary>A token must not expire between here and there.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, CloudCredentials> _held = [];

    /// <summary>The credentials for an identity; asked for if they are absent or about to expire.</summary>
    /// <param name="identity">Everything that they depend on, secrets included: another secret is another identity.</param>
    /// <param name="fetch">Asks for them.</param>
    public async Task<CloudCredentials> GetAsync(IReadOnlyList<string> identity, Func<Task<CloudCredentials>> fetch)
    {
        string key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', identity))));
        if (_held.TryGetValue(key, out CloudCredentials? held) && held.Expires - Margin > time.GetUtcNow())
            return held;

        CloudCredentials fresh = await fetch();
        foreach (var (old, credentials) in _held)
        {
            if (_held.Count >= Capacity || credentials.Expires <= time.GetUtcNow())
                _held.TryRemove(old, out _);
        }

        return _held[key] = fresh;
    }
}
