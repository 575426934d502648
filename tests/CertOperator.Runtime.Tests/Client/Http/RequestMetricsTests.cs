using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Tests.Kinds;

namespace CertOperator.Runtime.Tests.Client.Http;

public sealed class RequestMetricsTests
{
    private static readonly ObjectKey Key = new("ns", "one");
    private static readonly ConfigMap Item = new() { Metadata = new ObjectMeta { Name = "one", Namespace = "ns" } };

    [Theory]
    [InlineData("find", 200, "get configmaps 200")]
    [InlineData("find", 404, "get configmaps 404")]
    [InlineData("list", 200, "list configmaps 200")]
    [InlineData("watch", 410, "watch configmaps 410")]
    [InlineData("create", 409, "create configmaps 409")]
    [InlineData("apply", 200, "patch configmaps 200")]
    [InlineData("status", 200, "patch configmaps/status 200")]
    [InlineData("delete", 200, "delete configmaps 200")]
    [InlineData("post", 200, "create other 200")]
    public async Task A_request_is_counted_by_verb_resource_and_status(string call, int status, string expected)
    {
        await using var server = await WireServer.StartAsync(http => http.Response.JsonAsync(
            status == 200 ? Answers.ConfigMap("one") : Answers.Status(status, status == 404 ? "NotFound" : "Other", "no"), status));
        using var client = server.Connect();

        Assert.Equal([expected], await CountedAsync(() => CallAsync(client, call)));
    }

    [Fact]
    public async Task A_request_without_a_reply_has_status_0_and_so_has_its_repetition()
    {
        await using var server = await WireServer.StartAsync(http =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        using var client = server.Connect();

        Assert.Equal(["get configmaps 0", "get configmaps 0"], await CountedAsync(() => CallAsync(client, "find")));
    }

    private static async Task CallAsync(KubeClient client, string call)
    {
        try
        {
            await (call switch
            {
                "find" => client.FindAsync<ConfigMap>(Key, default),
                "list" => client.ListAsync<ConfigMap>(new ListOptions(), default),
                "watch" => client.WatchAsync<ConfigMap>(new ListOptions(), "1", default).FirstOrDefaultAsync().AsTask(),
                "create" => client.CreateAsync(Item, default),
                "apply" => client.ApplyAsync(Item, "tests", force: false, default),
                "status" => client.ApplyStatusAsync(Item, "tests", default),
                "delete" => client.DeleteAsync<ConfigMap>(Key, null, default),
                _ => (Task)client.PostAsync(new ResourceType("of.a.user", "v1", "Word", "words", Namespaced: false), new JsonObject(), default),
            });
        }
        catch (KubeException)
        {
            // What is counted is that it was asked.
        }
    }

    /// <summary>What was counted for this call; other tests go on meanwhile.</summary>
    private static async Task<IReadOnlyList<string>> CountedAsync(Func<Task> call)
    {
        var isHere = new AsyncLocal<bool>();
        var counted = new ConcurrentQueue<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter.Name == RuntimeMetrics.MeterName && instrument.Name == "certoperator.api.requests")
                    own.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            if (isHere.Value)
                counted.Enqueue(string.Join(' ', tags.ToArray().Select(tag => tag.Value)));
        });
        listener.Start();
        isHere.Value = true;
        await call();
        return [.. counted];
    }
}
