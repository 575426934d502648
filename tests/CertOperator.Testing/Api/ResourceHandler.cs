using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Json;
using CertOperator.Runtime.InMemory.Resources;
using CertOperator.Runtime.InMemory.Storage;
using CertOperator.Runtime.InMemory.Traffic;
using Microsoft.AspNetCore.Http;

namespace CertOperator.Testing.Api;

/// <summary>Turns requests for resources into operations of the cluster, and results into answers.</summary>
internal sealed class ResourceHandler(InMemoryCluster cluster, WatchFaults watchFaults)
{
    private const string ApplyType = "application/apply-patch+yaml";
    private const string MergeType = "application/merge-patch+json";

    public Task HandleAsync(HttpContext context, ApiPath path)
    {
        var resource = cluster.Store.Served.FirstOrDefault(
            one => one.Type.Group == path.Group && one.Type.Version == path.Version && one.Type.Plural == path.Plural) ?? throw Refusals.UnknownResource();
        if (path.Subresource is not "" && !(path.Subresource == "status" && resource.HasStatus)) throw Refusals.UnknownResource();
        if (path.Name is not null && resource.Type.Namespaced != path.Namespace is not null) throw Refusals.UnknownResource();
        if (context.Request.Query["dryRun"].Count > 0) throw Refusals.BadRequest("dryRun is not supported");

        var call = new Call(context, resource, path);
        return (context.Request.Method, path.Name) switch
        {
            ("GET", null) when context.Request.Query["watch"] == "true" || context.Request.Query["watch"] == "1" => WatchAsync(call),
            ("GET", null) => ListAsync(call),
            ("GET", _) => GetAsync(call),
            ("POST", null) => CreateAsync(call),
            ("PUT", not null) => ReplaceAsync(call),
            ("PATCH", not null) => PatchAsync(call),
            ("DELETE", not null) => DeleteAsync(call),
            _ => throw new ApiStatusException(405, "MethodNotAllowed", "the server does not allow this method on the requested resource"),
        };
    }

    private async Task GetAsync(Call call)
    {
        var found = await ServeAsync(call, "get", () => cluster.Store.Find(call.Type, call.Key) ?? throw Refusals.NotFound(call.Type, call.Key.Name));
        await call.Context.Response.WriteJsonAsync(200, ApiJson.Show(found));
    }

    private async Task ListAsync(Call call)
    {
        var query = call.Context.Request.Query;
        var limit = int.TryParse(query["limit"], out var number) ? number : (int?)null;
        var page = await ServeAsync(
            call, "list", () => cluster.Store.List(call.Type, new ListRequest(call.Selection(), limit, ContinueToken.Parse(query["continue"]))));
        await call.Context.Response.WriteJsonAsync(200, ApiJson.Show(call.Resource, page));
    }

    private async Task WatchAsync(Call call)
    {
        var query = call.Context.Request.Query;
        if (query.ContainsKey("sendInitialEvents"))
        {
            throw Refusals.Invalid(
                new ResourceType("meta.k8s.io", "v1", "ListOptions", "", false),
                "",
                [FieldError.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled")]);
        }

        var stream = new WatchStream(call.Context, call.Resource, watchFaults);
        try
        {
            using var watcher = await ServeAsync(
                call, "watch", () => cluster.Store.Watch(call.Type, call.Selection(), WatchStart.Parse(query["resourceVersion"])));
            await stream.SendAsync(watcher, () => cluster.Store.Version);
        }
        catch (ApiStatusException refusal) when (refusal.Code == 410)
        {
            await stream.SendErrorAsync(refusal);
        }
    }

    private async Task CreateAsync(Call call)
    {
        var json = await BodyAsync(call, "application/json");
        var stored = await ServeAsync(call, "create", () => cluster.Writer.Create(call.Target, json));
        await call.Context.Response.WriteJsonAsync(201, ApiJson.Show(stored));
    }

    private async Task ReplaceAsync(Call call)
    {
        var json = await BodyAsync(call, "application/json");
        var stored = await ServeAsync(call, "update", () => cluster.Writer.Replace(call.Target, json));
        await call.Context.Response.WriteJsonAsync(200, ApiJson.Show(stored));
    }

    private async Task PatchAsync(Call call)
    {
        var json = await BodyAsync(call, ApplyType, MergeType);
        var query = call.Context.Request.Query;
        if (call.ContentType == MergeType)
        {
            var patched = await ServeAsync(call, "patch", () => cluster.Writer.Patch(call.Target, json));
            await call.Context.Response.WriteJsonAsync(200, ApiJson.Show(patched));
            return;
        }

        if (!query.ContainsKey("fieldManager"))
        {
            throw Refusals.Invalid(
                new ResourceType("meta.k8s.io", "v1", "PatchOptions", "", false), "", [FieldError.Required("fieldManager", "is required for apply patch")]);
        }

        var (applied, created) = await ServeAsync(call, "patch", () => cluster.Writer.Apply(call.Target, json, query["force"] == "true"));
        if (created) cluster.Requests.Add(ApiRequest.For("create", call.Type));
        await call.Context.Response.WriteJsonAsync(created ? 201 : 200, ApiJson.Show(applied));
    }

    private async Task DeleteAsync(Call call)
    {
        var options = await call.Context.Request.ReadJsonAsync(call.Context.RequestAborted) ?? [];
        var policy = options["propagationPolicy"].Text() ?? call.Context.Request.Query["propagationPolicy"].ToString();
        if (policy is not ("" or "Background")) throw Refusals.BadRequest($"propagationPolicy {policy} is not supported");
        var preconditions = options["preconditions"];
        var waiting = await ServeAsync(
            call, "delete", () => cluster.Writer.Delete(call.Target, preconditions?["uid"].Text(), preconditions?["resourceVersion"].Text()));
        await call.Context.Response.WriteJsonAsync(200, waiting is null ? Deleted(call) : ApiJson.Show(waiting));
    }

    private static JsonObject Deleted(Call call) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Success",
        ["details"] = new JsonObject { ["name"] = call.Key.Name, ["group"] = call.Type.Group, ["kind"] = call.Type.Plural },
    };

    private static async Task<JsonObject> BodyAsync(Call call, params string[] accepted)
    {
        if (!accepted.Contains(call.ContentType))
        {
            throw new ApiStatusException(
                415,
                "UnsupportedMediaType",
                $"the body of the request was in an unknown format - accepted media types include: {string.Join(", ", accepted)}");
        }

        return await call.Context.Request.ReadJsonAsync(call.Context.RequestAborted) ?? throw Refusals.BadRequest("the body of the request is empty");
    }

    private Task<T> ServeAsync<T>(Call call, string verb, Func<T> operation)
        => cluster.ServeAsync(ApiRequest.For(verb, call.Type, call.Path.Subresource), operation, call.Context.RequestAborted);

    /// <summary>One request, and what its URL and headers say.</summary>
    private sealed record Call(HttpContext Context, ServedResource Resource, ApiPath Path)
    {
        public ResourceType Type => Resource.Type;

        public ObjectKey Key => new(Path.Namespace ?? "", Path.Name ?? "");

        public WriteTarget Target => new(Type, Key, Manager, Path.Subresource);

        public string ContentType => (Context.Request.ContentType ?? "").Split(';')[0].Trim();

        private string Manager => Context.Request.Query["fieldManager"] is [{ Length: > 0 } named]
            ? named
            : Context.Request.Headers.UserAgent.ToString().Split('/')[0];

        public Selection Selection() => new(
            Path.Namespace,
            LabelSelector.Parse(Context.Request.Query["labelSelector"]),
            FieldSelector.Parse(Context.Request.Query["fieldSelector"], Resource));
    }
}
