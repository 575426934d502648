using System.Collections.Concurrent;
using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.InMemory.Traffic;

/// <summary>Counts the requests that clients made: what RBAC would have had to grant, and what it cost.</summary>
public sealed class RequestLog
{
    private readonly ConcurrentDictionary<ApiRequest, int> _counts = new();

    /// <summary>How often each kind of request was made, refused ones included.</summary>
    public IReadOnlyDictionary<ApiRequest, int> Counts => new Dictionary<ApiRequest, int>(_counts);

    /// <summary>How many objects were written or deleted at a kind, its status included; null for all kinds.</summary>
    public int Writes(ResourceType? type = null)
        => _counts
            .Where(entry => entry.Key.Verb is "create" or "update" or "patch" or "delete")
            .Where(entry => type is null || (entry.Key.Group == type.Group && entry.Key.Resource == type.Plural))
            .Sum(entry => entry.Value);

    /// <summary>Starts counting anew.</summary>
    public void Clear() => _counts.Clear();

    internal void Add(ApiRequest request) => _counts.AddOrUpdate(request, 1, (_, count) => count + 1);
}
