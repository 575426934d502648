using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Json;
using CertOperator.Runtime.InMemory.Ownership;
using CertOperator.Runtime.InMemory.Resources;
using CertOperator.Runtime.InMemory.Schemas;

namespace CertOperator.Runtime.InMemory.Storage;

/// <summary>A write: to which object, by whom, through which door.</summary>
/// <param name="Type">Which kind.</param>
/// <param name="Key">Which object; the name may be empty for a creation.</param>
/// <param name="Manager">Name of the field manager.</param>
/// <param name="Subresource"><c>status</c> or empty.</param>
internal sealed record WriteTarget(ResourceType Type, ObjectKey Key, string Manager, string Subresource = "")
{
    public FieldManager FieldManager => new(Manager, Type.ApiVersion, Subresource);
}

/// <summary>The writes of an API server.</summary>
internal sealed class ObjectWriter(ClusterStore store, bool createNamespaces, TimeProvider time)
{
    private const string NameAlphabet = "bcdfghjklmnpqrstvwxz2456789";

    public StoredObject Create(WriteTarget target, JsonObject incoming)
    {
        lock (store.Lock)
        {
            var resource = Door(target);
            var json = ObjectPreparation.Accept(resource, incoming, target.Key);
            if (json.ResourceVersion().Length > 0) throw new ApiStatusException(500, "", "resourceVersion should not be set on objects to be created");
            return Create(resource, target, json, created => FieldOwnership.None.AfterUpdate(target.FieldManager, null, created, resource.Shape, time.GetUtcNow()));
        }
    }

    public StoredObject Replace(WriteTarget target, JsonObject incoming)
    {
        lock (store.Lock)
        {
            var resource = Door(target);
            var json = ObjectPreparation.Accept(resource, incoming, target.Key);
            var before = store.Find(target.Type, target.Key) ?? throw Refusals.NotFound(target.Type, target.Key.Name);
            if (json.ResourceVersion().Length == 0 && !resource.UnconditionalReplace)
            {
                throw Refusals.Invalid(
                    target.Type, target.Key.Name, [FieldError.Invalid("metadata.resourceVersion", "0x0", "must be specified for an update")]);
            }

            // Of all updates only a replacement takes the uid for a precondition; to the others it is a field that never changes.
            if (json.Uid().Length > 0 && json.Uid() != before.Json.Uid())
            {
                throw Refusals.Conflict(
                    target.Type,
                    target.Key.Name,
                    $"Precondition failed: UID in precondition: {json.Uid()}, UID in object meta: {before.Json.Uid()}");
            }

            return Update(resource, target, before, json);
        }
    }

    /// <summary>JSON merge patch (RFC 7386).</summary>
    public StoredObject Patch(WriteTarget target, JsonObject patch)
    {
        lock (store.Lock)
        {
            var resource = Door(target);
            var before = store.Find(target.Type, target.Key) ?? throw Refusals.NotFound(target.Type, target.Key.Name);
            var json = before.Json.DeepClone().AsObject();
            json.Metadata().Remove("resourceVersion");
            MergePatch.Apply(json, patch);
            return Update(resource, target, before, ObjectPreparation.Accept(resource, json, target.Key));
        }
    }

    /// <summary>Server-side apply.</summary>
    public (StoredObject Object, bool Created) Apply(WriteTarget target, JsonObject incoming, bool force)
    {
        lock (store.Lock)
        {
            var resource = Door(target);
            if (incoming["metadata"]?["managedFields"] is not null) throw Refusals.BadRequest("metadata.managedFields must be nil");
            var applied = ObjectPreparation.Accept(resource, incoming, target.Key);
            if (resource.Schema is { } schema && SchemaShaping.Prune(applied.DeepClone().AsObject(), schema) is [var unknown, ..])
                throw Refusals.Untyped(target.Type, target.Key, $"{unknown}: field not declared in schema");
            if (ShapeCheck.Problem(applied, resource.Shape) is { } problem) throw Refusals.Untyped(target.Type, target.Key, problem);

            var before = store.Find(target.Type, target.Key);
            if (before is not null)
            {
                CheckIdentity(target, before.Json, applied);
            }
            else if (target.Subresource.Length > 0)
            {
                throw Refusals.NotFound(target.Type, target.Key.Name);
            }
            else if (applied.Uid() is { Length: > 0 } uid)
            {
                throw Refusals.Conflict(
                    target.Type,
                    target.Key.Name,
                    $"uid mismatch: the provided object specified uid {uid}, and no existing object was found");
            }

            var (merged, ownership) = Merge(resource, target, before, Claimable(resource, target, applied), force);
            return before is null
                ? (Create(resource, target, merged, _ => ownership), true)
                : (Commit(resource, before, ObjectPreparation.Update(resource, before.Json, merged, target.Subresource), _ => ownership), false);
        }
    }

    /// <summary>Deletes in the background; what has finalizers is only marked.</summary>
    /// <returns>The object if it is still there, null if it is gone.</returns>
    public StoredObject? Delete(WriteTarget target, string? uid, string? resourceVersion)
    {
        lock (store.Lock)
        {
            var before = store.Find(target.Type, target.Key) ?? throw Refusals.NotFound(target.Type, target.Key.Name);
            if (uid is not null && uid != before.Json.Uid()) throw Refusals.OtherUid(target.Type, target.Key.Name, uid, before.Json.Uid());
            if (resourceVersion is not null && resourceVersion != before.Json.ResourceVersion()) throw Refusals.Stale(target.Type, target.Key.Name);
            var isNamespace = target.Type == BuiltInResources.Namespace.Type;
            if (!isNamespace && !before.Json.Finalizers().Any())
            {
                store.Remove(target.Type, before);
                return null;
            }

            return before.Json.IsDeleting() ? before : MarkDeleting(target.Type, before, isNamespace);
        }
    }

    private StoredObject MarkDeleting(ResourceType type, StoredObject before, bool isNamespace)
    {
        var json = before.Json.DeepClone().AsObject();
        var metadata = json.Metadata();
        metadata["deletionTimestamp"] = time.GetUtcNow().ToKubeTime();
        metadata["deletionGracePeriodSeconds"] = 0L;
        if (metadata["generation"] is { } generation) metadata["generation"] = generation.GetValue<long>() + 1;
        if (isNamespace) json["status"] = new JsonObject { ["phase"] = "Terminating" };
        return store.Commit(type, before, json, before.Ownership);
    }

    private (JsonObject Merged, FieldOwnership Ownership) Merge(
        ServedResource resource, WriteTarget target, StoredObject? before, JsonObject applied, bool force)
    {
        try
        {
            return (before?.Ownership ?? FieldOwnership.None).Apply(
                target.FieldManager, before?.Json, applied, force, resource.Shape, time.GetUtcNow());
        }
        catch (ApplyConflictException conflict)
        {
            throw Refusals.Conflict(conflict);
        }
    }

    /// <summary>The fields that an apply through this door can own.</summary>
    private static JsonObject Claimable(ServedResource resource, WriteTarget target, JsonObject applied)
    {
        if (target.Subresource == "status")
        {
            var claim = new JsonObject();
            foreach (var field in new[] { "apiVersion", "kind", "status" }) claim[field] = applied[field]?.DeepClone();
            if (claim["status"] is null) claim.Remove("status");
            return claim;
        }

        if (resource.HasStatus) applied.Remove("status");
        foreach (var field in new[] { "uid", "resourceVersion" }) applied.Metadata().Remove(field);
        return applied;
    }

    private StoredObject Create(ServedResource resource, WriteTarget target, JsonObject json, Func<JsonObject, FieldOwnership> ownership)
    {
        RequireNamespace(target, json.Name());
        GenerateName(target.Type, json);
        var created = ObjectPreparation.Create(resource, json, time.GetUtcNow());
        if (store.Find(target.Type, created.Key()) is not null) throw Refusals.AlreadyExists(target.Type, created.Name());
        return store.Commit(target.Type, null, created, ownership(created));
    }

    private StoredObject Update(ServedResource resource, WriteTarget target, StoredObject before, JsonObject json)
    {
        CheckIdentity(target, before.Json, json);
        var after = ObjectPreparation.Update(resource, before.Json, json, target.Subresource);
        return Commit(
            resource,
            before,
            after,
            former => former.AfterUpdate(target.FieldManager, before.Json, after, resource.Shape, time.GetUtcNow()));
    }

    /// <summary>Stores an update; one that changes nothing leaves no trace, one that takes the last finalizer removes.</summary>
    private StoredObject Commit(ServedResource resource, StoredObject before, JsonObject after, Func<FieldOwnership, FieldOwnership> next)
    {
        var ownership = next(before.Ownership);
        if (ObjectPreparation.Same(before.Json, after) && ownership.SameAs(before.Ownership)) return before;
        var waiting = after.Finalizers().Any() || resource.Type == BuiltInResources.Namespace.Type;
        if (!after.IsDeleting() || waiting) return store.Commit(resource.Type, before, after, ownership);

        after.Metadata()["resourceVersion"] = before.Json.ResourceVersion();
        var last = new StoredObject(after, ownership);
        store.Remove(resource.Type, before, last);
        return last;
    }

    private ServedResource Door(WriteTarget target)
    {
        var resource = store.Resource(target.Type);
        if (target.Subresource == "status" && !resource.HasStatus) throw Refusals.UnknownResource();
        if (target.Type.Namespaced == (target.Key.Namespace.Length == 0)) throw Refusals.MethodNotAllowed();
        return resource;
    }

    private void RequireNamespace(WriteTarget target, string name)
    {
        if (!target.Type.Namespaced) return;
        var found = store.Find(BuiltInResources.Namespace.Type, ObjectKey.Cluster(target.Key.Namespace));
        if (found is null && !createNamespaces) throw Refusals.NotFound(BuiltInResources.Namespace.Type, target.Key.Namespace);
        if (found is null) CreateNamespace(target.Key.Namespace);
        if (found?.Json.IsDeleting() == true) throw Refusals.NamespaceTerminating(target.Type, name, target.Key.Namespace);
    }

    public void CreateNamespace(string name)
        => Create(
            new WriteTarget(BuiltInResources.Namespace.Type, ObjectKey.Cluster(name), "in-memory-cluster"),
            new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } });

    private void GenerateName(ResourceType type, JsonObject json)
    {
        var prefix = json["metadata"]?["generateName"].Text() ?? "";
        if (json.Name().Length > 0 || prefix.Length == 0) return;
        do json.Metadata()["name"] = prefix[..Math.Min(prefix.Length, 58)] + RandomNumberGenerator.GetString(NameAlphabet, 5);
        while (store.Find(type, json.Key()) is not null);
    }

    /// <summary>An update that names a version or a uid is for that one only.</summary>
    private static void CheckIdentity(WriteTarget target, JsonObject stored, JsonObject incoming)
    {
        if (incoming.ResourceVersion().Length > 0 && incoming.ResourceVersion() != stored.ResourceVersion())
            throw Refusals.Stale(target.Type, target.Key.Name);
        if (incoming.Uid().Length > 0 && incoming.Uid() != stored.Uid())
            throw Refusals.Invalid(target.Type, target.Key.Name, [FieldError.Invalid("metadata.uid", incoming.Uid().Show(), "field is immutable")]);
    }
}
