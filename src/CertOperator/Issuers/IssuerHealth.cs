using System.Collections.Concurrent;
using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Issuers;

/// <summary>
/// Which issuers failed of late for a reason of their own, so that Certificates with another choice take it at once. Not
/// stored: after a restart each is given one more chance.
/// </summary>
internal sealed class IssuerHealth(TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _unwell = [];

    /// <summary>It failed: the next try is for those who have no other issuer.</summary>
    /// <param name="issuer">Which.</param>
    /// <param name="certificate">Whom it failed; null if it fails everybody.</param>
    /// <param name="notBefore">When it may do better, if that is known.</param>
    public void Failed(IIssuerObject issuer, ObjectKey? certificate, DateTimeOffset? notBefore)
    {
        DateTimeOffset until = time.GetUtcNow() + Shortest;
        _unwell[Key(issuer, certificate)] = notBefore > until ? notBefore.Value : until;
    }

    public void Succeeded(IIssuerObject issuer, ObjectKey certificate)
    {
        _unwell.TryRemove(Key(issuer, null), out _);
        _unwell.TryRemove(Key(issuer, certificate), out _);
    }

    public bool IsWell(IIssuerObject issuer, ObjectKey certificate) => IsWell(Key(issuer, null)) && IsWell(Key(issuer, certificate));

    private bool IsWell(string key)
    {
        if (!_unwell.TryGetValue(key, out DateTimeOffset until))
            return true;
        return until <= time.GetUtcNow() && _unwell.TryRemove(key, out _);
    }

    // A changed issuer is another one.
    private static string Key(IIssuerObject issuer, ObjectKey? certificate) => $"{issuer.Metadata.Uid}/{issuer.Metadata.Generation}/{certificate}";
}
