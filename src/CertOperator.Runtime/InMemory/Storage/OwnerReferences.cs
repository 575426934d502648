using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using CertOperator.Runtime.InMemory.Json;

namespace CertOperator.Runtime.InMemory.Storage;

/// <summary>Which objects there are and how many references name each as an owner, so that garbage is looked for only where some may be.</summary>
internal sealed class OwnerReferences
{
    private readonly Dictionary<string, JsonObject> _objects = [];
    private readonly Dictionary<string, int> _references = [];

    /// <summary>Follows a change of an object; null for what is not there.</summary>
    /// <returns>Whether an object names an owner that is not there, because of it.</returns>
    public bool Follow(JsonObject? before, JsonObject? after)
    {
        foreach (string owner in UidsOf(after))
            CollectionsMarshal.GetValueRefOrAddDefault(_references, owner, out _)++;
        foreach (string owner in UidsOf(before))
        {
            if (--CollectionsMarshal.GetValueRefOrNullRef(_references, owner) == 0) _references.Remove(owner);
        }

        if (after is not null)
        {
            _objects[after.Uid()] = after;
            return after.Owners().Any(owner => !IsPresent(owner, after));
        }

        return before is not null && _objects.Remove(before.Uid()) && _references.ContainsKey(before.Uid());
    }

    /// <summary>Whether an owner is there: the same object, where the dependent may name it.</summary>
    public bool IsPresent(JsonObject owner, JsonObject dependent)
        => _objects.TryGetValue(owner["uid"].Text() ?? "", out var found)
            && found["kind"].Text() == owner["kind"].Text()
            && found.Name() == owner["name"].Text()
            && (found.Namespace().Length == 0 || found.Namespace() == dependent.Namespace());

    private static IEnumerable<string> UidsOf(JsonObject? json) => json?.Owners().Select(owner => owner["uid"].Text() ?? "") ?? [];
}
