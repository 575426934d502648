using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory.Json;
using CertOperator.Runtime.InMemory.Resources;

namespace CertOperator.Runtime.InMemory.Storage;

/// <summary>
/// What the controller manager does in a cluster: objects whose owners are all gone go too, and a namespace that is being
/// deleted is emptied and then removed.
/// </summary>
internal sealed class GarbageCollector(ClusterStore store, ObjectWriter writer)
{
    private const string Manager = "in-memory-garbage-collector";

    public void Collect()
    {
        lock (store.Lock)
        {
            long before;
            do
            {
                before = store.Version;
                var all = store.Everything();
                DeleteOrphans(all);
                EmptyNamespaces(all);
            }
            while (store.Version != before);
        }
    }

    private void DeleteOrphans(IReadOnlyList<(ResourceType Type, StoredObject Object)> all)
    {
        foreach (var (type, stored) in all)
        {
            var owners = stored.Json.Owners().ToList();
            var absent = owners.Where(owner => !store.Owners.IsPresent(owner, stored.Json)).ToList();
            if (absent.Count == 0) continue;
            if (absent.Count == owners.Count) DeleteIfThere(type, stored.Json);
            else DropOwners(type, stored.Json, absent);
        }
    }

    private void EmptyNamespaces(IReadOnlyList<(ResourceType Type, StoredObject Object)> all)
    {
        var ending = all.Where(one => one.Type == BuiltInResources.Namespace.Type && one.Object.Json.IsDeleting()).ToList();
        foreach (var (type, ns) in ending)
        {
            foreach (var (contentType, content) in all.Where(one => one.Object.Json.Namespace() == ns.Json.Name())) DeleteIfThere(contentType, content.Json);
            var isEmpty = !store.Everything().Any(one => one.Object.Json.Namespace() == ns.Json.Name());
            if (isEmpty && !ns.Json.Finalizers().Any()) store.Remove(type, ns);
        }
    }

    private void DeleteIfThere(ResourceType type, JsonObject json)
    {
        if (store.Find(type, json.Key())?.Json.Uid() == json.Uid()) writer.Delete(Target(type, json), json.Uid(), null);
    }

    private void DropOwners(ResourceType type, JsonObject json, List<JsonObject> absent)
    {
        var kept = json.Owners().Except(absent).Select(owner => owner.DeepClone()).ToArray();
        writer.Patch(Target(type, json), new JsonObject { ["metadata"] = new JsonObject { ["ownerReferences"] = new JsonArray(kept) } });
    }

    private static WriteTarget Target(ResourceType type, JsonObject json) => new(type, json.Key(), Manager);
}
