using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using CertOperator.Runtime.InMemory.Json;

namespace CertOperator.Runtime.InMemory.Storage;

/// <summary>Which objects there are and how many references name each as an owner, so that garbage is looked for only where some may be.</summary>
internal sealed class OwnerReferences
{
    private readonly HashSet<string> _uids = [];
    private readonly Dictionary<string, int> _references = [];

    /// <summary>Follows a change of an object; null for what is not there.</summary>
    /// <returns>Whether an object names an owner that is not there, because of it.</returns>
    public bool Follow(JsonObject? before, JsonObject? after)
    {
        foreach (string owner in OwnersOf(after))
            CollectionsMarshal.GetValueRefOrAddDefault(_references, owner, out _)++;
        foreach (string owner in OwnersOf(before))
        {
            if (--CollectionsMarshal.GetValueRefOrNullRef(_references, owner) == 0) _references.Remove(owner);
        }

        if (after is not null)
        {
            _uids.Add(after.Uid());
            return OwnersOf(after).Any(owner => !_uids.Contains(owner));
        }

        return before is not null && _uids.Remove(before.Uid()) && _references.ContainsKey(before.Uid());
    }

    private static IEnumerable<string> OwnersOf(JsonObject? json) => json?.Owners().Select(owner => owner["uid"].Text() ?? "") ?? [];
}
