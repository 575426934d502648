using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Runtime.Client;
using CertOperator.Telemetry;

namespace CertOperator.Controllers.Solvers;

/// <summary>
/// Brings the solver objects of one kind in line with those wanted. Nothing is remembered of them: the API server is asked, but only
/// in namespaces that can have some, since it reads all objects of the kind there to answer.
/// </summary>
/// <param name="client">The API server.</param>
/// <param name="namespaces">Where there are some already, or may be.</param>
/// <param name="logger">Told of what cannot be tidied up.</param>
internal sealed class SolverObjects<T>(IKubeClient client, Func<IEnumerable<string>> namespaces, ILogger logger)
    where T : class, IKubeObject<T>
{
    /// <summary>Another than the status's and the sources', so that none claims the others' fields.</summary>
    private const string FieldManager = ApiGroup.FieldManager + "-solver";

    private static readonly ListOptions Ours = new(LabelSelector: $"{Labels.ManagedBy}={Labels.ManagedByValue},{Labels.Solver}={SolverSelection.Http01}", Limit: 500);

    private bool _isRefused;

    /// <returns>Why an object that is wanted is not there, one sentence each.</returns>
    public async Task<IReadOnlyDictionary<ObjectKey, string>> SyncAsync(IReadOnlyDictionary<ObjectKey, T> wanted, CancellationToken cancel)
    {
        var problems = new Dictionary<ObjectKey, string>();
        if (wanted.Count == 0 && _isRefused)
            return problems;

        IReadOnlyDictionary<ObjectKey, T> existing;
        try
        {
            existing = await ListAsync(wanted.Keys.Select(key => key.Namespace).Concat(namespaces()).Distinct(), cancel);
            _isRefused = false;
        }
        catch (KubeException refused) when (refused.Failure is KubeFailure.NotFound or KubeFailure.Forbidden)
        {
            // The kind is not served or not allowed. If none is wanted, none of it can be left either.
            _isRefused = true;
            return wanted.Keys.ToDictionary(key => key, key => Sentence(key, refused));
        }

        foreach (var (key, item) in existing.Where(pair => !wanted.ContainsKey(pair.Key) && pair.Value.Metadata.DeletionTimestamp is null))
            await DeleteAsync(key, item, cancel);
        foreach (var (key, item) in wanted)
        {
            if (await ApplyAsync(key, item, existing.GetValueOrDefault(key), cancel) is { } problem)
                problems[key] = problem;
        }

        return problems;
    }

    private async Task<string?> ApplyAsync(ObjectKey key, T item, T? before, CancellationToken cancel)
    {
        if (before is not null && Holds(Json(before), Json(item)))
            return null;
        try
        {
            await client.ApplyAsync(item, FieldManager, force: before is not null, cancel);
            return null;
        }
        catch (KubeException refused)
        {
            return Sentence(key, refused);
        }
    }

    private async Task DeleteAsync(ObjectKey key, T item, CancellationToken cancel)
    {
        try
        {
            await client.DeleteAsync<T>(key, item.Metadata.Uid, cancel);
        }
        catch (KubeException refused) when (refused.Failure is KubeFailure.Forbidden)
        {
            // Anybody can put the operator's label on an object of a namespace where it has no rights.
            OperatorLog.SolverNotDeleted(logger, T.Type.Kind, key, refused.Message);
        }
    }

    private async Task<IReadOnlyDictionary<ObjectKey, T>> ListAsync(IEnumerable<string> places, CancellationToken cancel)
    {
        var found = new Dictionary<ObjectKey, T>();
        foreach (string place in places)
        {
            for (ListOptions? page = Ours with { Namespace = place }; page is not null;)
            {
                ObjectList<T> list = await client.ListAsync<T>(page, cancel);
                foreach (T item in list.Items)
                    found[new ObjectKey(item.Metadata.Namespace ?? "", item.Metadata.Name ?? "")] = item;
                page = string.IsNullOrEmpty(list.Continue) ? null : page with { Continue = list.Continue };
            }
        }

        return found;
    }

    private static string Sentence(ObjectKey key, KubeException refused) => refused.Failure switch
    {
        KubeFailure.NotFound => $"The {T.Type.Kind} {key} cannot be written: the cluster has no {T.Type}. Install it, or choose another route in http01.",
        KubeFailure.Forbidden => $"The {T.Type.Kind} {key} cannot be written: {refused.Message} Give the operator the right that config/rbac has for this route, or look at the admission webhooks and quotas of the namespace.",
        _ => $"The {T.Type.Kind} {key} cannot be written: {refused.Message} It is tried again.",
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
