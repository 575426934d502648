using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers.Solvers;

/// <summary>Brings the solver objects of one kind in line with those wanted. Nothing is remembered of them: the API server is asked.</summary>
internal sealed class SolverObjects<T>(IKubeClient client)
    where T : class, IKubeObject<T>
{
    /// <summary>Another than the status's and the sources', so that none claims the others' fields.</summary>
    private const string FieldManager = ApiGroup.FieldManager + "-solver";

    private static readonly ListOptions Ours = new(LabelSelector: $"{Labels.ManagedBy}={Labels.ManagedByValue},{Labels.Solver}={SolverSelection.Http01}", Limit: 500);

    /// <summary>At first there may be some that a former process left.</summary>
    private bool _mayExist = true;

    /// <returns>Why an object that is wanted is not there, or one that is not wanted still is; one sentence each.</returns>
    public async Task<IReadOnlyDictionary<ObjectKey, string>> SyncAsync(IReadOnlyDictionary<ObjectKey, T> wanted, CancellationToken cancel)
    {
        var problems = new Dictionary<ObjectKey, string>();
        if (wanted.Count == 0 && !_mayExist)
            return problems;

        IReadOnlyDictionary<ObjectKey, T> existing;
        try
        {
            existing = await ListAsync(cancel);
        }
        catch (KubeException refused) when (refused.Failure is KubeFailure.NotFound or KubeFailure.Forbidden)
        {
            // The kind is not served or not allowed. If none is wanted, none of it can be left either.
            _mayExist = wanted.Count > 0;
            return wanted.Keys.ToDictionary(key => key, key => Sentence(key, "written", refused));
        }

        _mayExist = wanted.Count > 0 || existing.Count > 0;
        foreach (var (key, item) in wanted)
        {
            T? before = existing.GetValueOrDefault(key);
            if (before is null || !Holds(Json(before), Json(item)))
                await TryAsync(key, "written", () => client.ApplyAsync(item, FieldManager, force: before is not null, cancel));
        }

        foreach (var (key, item) in existing.Where(pair => !wanted.ContainsKey(pair.Key) && pair.Value.Metadata.DeletionTimestamp is null))
            await TryAsync(key, "deleted", () => client.DeleteAsync<T>(key, item.Metadata.Uid, cancel));
        return problems;

        async Task TryAsync(ObjectKey key, string what, Func<Task> write)
        {
            try
            {
                await write();
            }
            catch (KubeException refused)
            {
                problems[key] = Sentence(key, what, refused);
            }
        }
    }

    private async Task<IReadOnlyDictionary<ObjectKey, T>> ListAsync(CancellationToken cancel)
    {
        var found = new Dictionary<ObjectKey, T>();
        for (ListOptions? page = Ours; page is not null;)
        {
            ObjectList<T> list = await client.ListAsync<T>(page, cancel);
            foreach (T item in list.Items)
                found[new ObjectKey(item.Metadata.Namespace ?? "", item.Metadata.Name ?? "")] = item;
            page = string.IsNullOrEmpty(list.Continue) ? null : page with { Continue = list.Continue };
        }

        return found;
    }

    private static string Sentence(ObjectKey key, string what, KubeException refused) => refused.Failure switch
    {
        KubeFailure.NotFound => $"The {T.Type.Kind} {key} cannot be {what}: the cluster has no {T.Type}. Install it, or choose another route in http01.",
        KubeFailure.Forbidden => $"The {T.Type.Kind} {key} cannot be {what}: {refused.Message} Give the operator the right that config/rbac/rbac.yaml has for this route, or look at the admission webhooks and quotas of the namespace.",
        _ => $"The {T.Type.Kind} {key} cannot be {what}: {refused.Message} It is tried again.",
    };

    private static JsonNode? Json(T item) => JsonSerializer.SerializeToNode(item, T.Json);

    /// <summary>Whether all that is wanted is there; what the API server and others added does not count.</summary>
    private static bool Holds(JsonNode? has, JsonNode? wants) => wants switch
    {
        JsonObject fields => has is JsonObject present && fields.All(field => Holds(present[field.Key], field.Value)),
        JsonArray items => has is JsonArray present && present.Count == items.Count && items.Zip(present).All(pair => Holds(pair.Second, pair.First)),
        _ => JsonNode.DeepEquals(has, wants),
    };
}
