using CertOperator.Runtime.Client;
using CertOperator.Runtime.Tests.Kinds;
using Microsoft.AspNetCore.Http;

namespace CertOperator.Runtime.Tests.Client.Http;

public sealed class WatchTests
{
    private static readonly string Added = Answers.Event("ADDED", Answers.ConfigMap("one", "5"));

    [Fact]
    public async Task Events_are_told_until_the_server_ends_the_watch()
    {
        var events = await WatchAsync(async http =>
        {
            await http.Response.PieceAsync(Added + Answers.Event("MODIFIED", Answers.ConfigMap("one", "6")));
            await http.Response.PieceAsync(Answers.Event("DELETED", Answers.ConfigMap("one", "7")));
            await http.Response.PieceAsync(Answers.Event("BOOKMARK", """{"kind":"ConfigMap","metadata":{"resourceVersion":"9","creationTimestamp":null}}"""));
        });

        Assert.Equal(
            [(WatchEventType.Added, "5"), (WatchEventType.Modified, "6"), (WatchEventType.Deleted, "7"), (WatchEventType.Bookmark, "9")],
            events.Select(change => (change.Type, change.ResourceVersion)));
        Assert.Equal("v", events[0].Object?.Data?["k"]);
        Assert.Null(events[3].Object);
    }

    [Fact]
    public async Task It_asks_for_bookmarks_the_version_the_selectors_and_an_end_within_five_minutes()
    {
        IQueryCollection? query = null;
        await using var server = await WireServer.StartAsync(http =>
        {
            query = http.Request.Query;
            return http.Response.PieceAsync("");
        });
        using var client = server.Connect();

        await foreach (var _ in client.WatchAsync<Secret>(new ListOptions("ns", "a=b", "type=kubernetes.io/tls"), "41", default)) Assert.Fail("no event was sent");

        Assert.NotNull(query);
        Assert.Equal(
            ["true", "true", "41", "a=b", "type=kubernetes.io/tls"],
            new[] { "watch", "allowWatchBookmarks", "resourceVersion", "labelSelector", "fieldSelector" }.Select(name => query[name].ToString()));
        Assert.InRange(int.Parse(query["timeoutSeconds"]!), 240, 300);
    }

    [Fact]
    public async Task An_event_is_told_while_the_stream_stays_open_and_the_callers_token_ends_it()
    {
        using var stop = new CancellationTokenSource();
        await using var server = await WireServer.StartAsync(async http =>
        {
            await http.Response.PieceAsync(Added);
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        using var client = server.Connect();
        await using var watch = client.WatchAsync<ConfigMap>(new ListOptions(), "1", stop.Token).GetAsyncEnumerator(default);

        Assert.True(await watch.MoveNextAsync());
        var next = watch.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        await stop.CancelAsync();

        Assert.Null((await Assert.ThrowsAsync<OperationCanceledException>(() => next)).InnerException);
    }

    [Fact]
    public async Task A_line_may_arrive_byte_by_byte()
    {
        var events = await WatchAsync(async http =>
        {
            foreach (var letter in Added) await http.Response.PieceAsync(letter.ToString());
        });

        Assert.Equal("one", Assert.Single(events).Object?.Metadata.Name);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Half_a_line_is_a_broken_connection(bool abort)
    {
        var seen = new TaskCompletionSource();
        await using var server = await WireServer.StartAsync(async http =>
        {
            await http.Response.PieceAsync(Added + Added[..40]);
            await seen.Task;
            if (abort) http.Abort();
        });
        using var client = server.Connect();
        await using var watch = client.WatchAsync<ConfigMap>(new ListOptions(), "1", default).GetAsyncEnumerator();

        Assert.True(await watch.MoveNextAsync());
        seen.SetResult();

        Assert.Equal(KubeFailure.Unavailable, (await Assert.ThrowsAsync<KubeException>(async () => await watch.MoveNextAsync())).Failure);
    }

    [Theory]
    [InlineData("""{"kind":"Status","code":410,"reason":"Expired","message":"too old resource version: 1 (9)"}""", KubeFailure.Gone)]
    [InlineData("""{"kind":"Status","code":500,"reason":"InternalError","message":"etcd"}""", KubeFailure.Unavailable)]
    [InlineData("{}", KubeFailure.Other)]
    [InlineData("null", KubeFailure.Other)]
    public async Task An_ERROR_event_is_an_error(string status, KubeFailure expected)
    {
        var failure = await Assert.ThrowsAsync<KubeException>(() => WatchAsync(http => http.Response.PieceAsync(Answers.Event("ERROR", status))));

        Assert.Equal(expected, failure.Failure);
    }

    [Fact]
    public async Task A_version_that_is_too_old_from_the_start_is_gone()
    {
        var failure = await Assert.ThrowsAsync<KubeException>(
            () => WatchAsync(http => http.Response.JsonAsync(Answers.Status(410, "Expired", "too old"), 410)));

        Assert.Equal(KubeFailure.Gone, failure.Failure);
    }

    [Fact]
    public async Task An_object_that_does_not_fit_is_told_and_the_watch_goes_on()
    {
        var events = await WatchAsync(http => http.Response.PieceAsync(
            Answers.Event("MODIFIED", """{"metadata":{"name":"bad","namespace":"ns","resourceVersion":"4"},"data":{"k":7}}""") + Added));

        Assert.Equal((WatchEventType.Undecodable, "4"), (events[0].Type, events[0].ResourceVersion));
        Assert.Equal(
            new UndecodableObject(new ObjectKey("ns", "bad"), "the value at $.data.k does not fit its type."), events[0].Undecodable);
        Assert.Equal(WatchEventType.Added, events[1].Type);
    }

    [Theory]
    [InlineData("<html>busy</html>\n")]
    [InlineData("{\"type\":\"RENAMED\",\"object\":{}}\n")]
    [InlineData("{\"type\":7,\"object\":{}}\n")]
    [InlineData("[]\n")]
    [InlineData("\n")]
    public async Task A_line_that_is_no_event_is_an_error(string line)
        => Assert.Equal(KubeFailure.Other, (await Assert.ThrowsAsync<KubeException>(() => WatchAsync(http => http.Response.PieceAsync(line)))).Failure);

    [Fact]
    public async Task A_line_without_end_is_an_error()
    {
        var filler = new string('x', 1 << 20);
        var failure = await Assert.ThrowsAsync<KubeException>(() => WatchAsync(async http =>
        {
            while (!http.RequestAborted.IsCancellationRequested) await http.Response.PieceAsync(filler);
        }));

        Assert.Equal(KubeFailure.Other, failure.Failure);
    }

    [Fact]
    public async Task A_page_instead_of_a_stream_is_an_error()
        => Assert.Equal(
            KubeFailure.Other,
            (await Assert.ThrowsAsync<KubeException>(() => WatchAsync(http => http.Response.SayAsync("<html>", "text/html")))).Failure);

    [Fact]
    public async Task A_watch_that_the_server_does_not_end_is_given_up_at_its_deadline()
    {
        var time = new FakeTimeProvider();
        await using var server = await WireServer.StartAsync(async http =>
        {
            await http.Response.PieceAsync(Added);
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        using var client = server.Connect(time: time);
        await using var watch = client.WatchAsync<ConfigMap>(new ListOptions(), "1", default).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());
        var next = watch.MoveNextAsync().AsTask();

        time.Advance(TimeSpan.FromSeconds(269));
        Assert.False(next.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(KubeFailure.Unavailable, (await Assert.ThrowsAsync<KubeException>(() => next)).Failure);
    }

    private static async Task<List<WatchEvent<ConfigMap>>> WatchAsync(RequestDelegate answer)
    {
        var events = new List<WatchEvent<ConfigMap>>();
        await using var server = await WireServer.StartAsync(answer);
        using var client = server.Connect();
        await foreach (var change in client.WatchAsync<ConfigMap>(new ListOptions(), "1", default)) events.Add(change);
        return events;
    }
}
