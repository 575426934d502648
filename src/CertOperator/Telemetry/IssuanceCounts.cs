using System.Collections.Concurrent;
using CertOperator.Runtime.Client;

namespace CertOperator.Telemetry;

/// <summary>
/// Attempts to issue a certificate that came to an end, by issuer and result. Kept here and not by a counter of .NET, of which a
/// series stays when its issuer is gone.
/// </summary>
internal sealed class IssuanceCounts
{
    /// <summary>The result of an attempt that succeeded; that of the others is the reason of the failure.</summary>
    public const string Issued = "issued";

    private readonly ConcurrentDictionary<(string Kind, ObjectKey Issuer), ConcurrentDictionary<string, long>> _counts = [];

    /// <param name="kind">Issuer or ClusterIssuer.</param>
    /// <param name="issuer">Its key.</param>
    /// <param name="result">A CamelCase word of this program; never a text of others.</param>
    public void Add(string kind, ObjectKey issuer, string result)
        => _counts.GetOrAdd((kind, issuer), _ => []).AddOrUpdate(result, 1, (_, count) => count + 1);

    /// <summary>By result; successes also while there are none, so that the first one is seen as a change.</summary>
    public IReadOnlyDictionary<string, long> Of(string kind, ObjectKey issuer)
    {
        var counts = new Dictionary<string, long> { [Issued] = 0 };
        foreach (var (result, count) in _counts.GetValueOrDefault((kind, issuer)) ?? [])
            counts[result] = count;
        return counts;
    }

    /// <summary>Forgets all other issuers.</summary>
    public void Keep(IReadOnlySet<(string Kind, ObjectKey Issuer)> present)
    {
        foreach (var gone in _counts.Keys.Where(issuer => !present.Contains(issuer)))
            _counts.TryRemove(gone, out _);
    }
}
