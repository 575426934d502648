using System.Globalization;
using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.InMemory.Resources;
using CertOperator.Runtime.InMemory.Storage;
using Microsoft.AspNetCore.Http;

namespace CertOperator.Testing.Api;

/// <summary>A watch on the wire: one JSON object a line, for as long as client and server want it.</summary>
internal sealed class WatchStream(HttpContext context, ServedResource resource, WatchFaults faults)
{
    public async Task SendAsync(Watcher watcher, Func<long> currentVersion)
    {
        await StartAsync();
        var bookmarks = context.Request.Query["allowWatchBookmarks"] == "true";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        if (int.TryParse(context.Request.Query["timeoutSeconds"], out var seconds)) end.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            await foreach (var delivery in watcher.ReadAsync(end.Token))
            {
                if (delivery.Type == WatchEventType.Bookmark && !bookmarks) continue;
                await SendAsync(Line(delivery));
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            if (bookmarks) await SendAsync(Line(new Delivery(WatchEventType.Bookmark, null, currentVersion())));
        }
    }

    public async Task SendErrorAsync(ApiStatusException error)
    {
        await StartAsync();
        await SendAsync(new JsonObject { ["type"] = "ERROR", ["object"] = error.ToStatus() });
    }

    /// <summary>The client learns at once that it is watching, however long nothing happens.</summary>
    private Task StartAsync()
    {
        context.Response.ContentType = "application/json";
        return context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private async Task SendAsync(JsonObject line)
    {
        byte[] bytes = [.. ApiJson.Encode(line), (byte)'\n'];
        if (faults.TakeBreak())
        {
            await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
            await context.Response.Body.FlushAsync();
            context.Abort();
            return;
        }

        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private JsonObject Line(Delivery delivery) => new()
    {
        ["type"] = delivery.Type.ToString().ToUpperInvariant(),
        ["object"] = delivery.Object is { } stored ? ApiJson.Show(stored) : Bookmark(delivery.Version),
    };

    private JsonObject Bookmark(long version) => new()
    {
        ["kind"] = resource.Type.Kind,
        ["apiVersion"] = resource.Type.ApiVersion,
        ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture), ["creationTimestamp"] = null },
    };
}
