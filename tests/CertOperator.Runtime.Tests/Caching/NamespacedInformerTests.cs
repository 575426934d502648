using System.Collections.Concurrent;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Queues;
using CertOperator.Runtime.Tests.Fakes;
using CertOperator.Runtime.Tests.Kinds;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Runtime.Tests.Caching;

/// <summary>An informer of some namespaces, and one that may lack the right to its kind.</summary>
public sealed class NamespacedInformerTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly KubeException Broken = new(KubeFailure.Unavailable, "The connection broke.");
    private static readonly KubeException Refused = new(KubeFailure.Forbidden, "Marbles are not for you.");
    private static readonly KubeException Unknown = new(KubeFailure.NotFound, "There are no marbles.");

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly UnreliableServer _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _changes = [];
    private Task _running = Task.CompletedTask;

    public NamespacedInformerTests() => _server = new UnreliableServer(_time);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    [Fact]
    public async Task Only_what_is_in_its_namespaces_is_cached_and_told()
    {
        Put("shop", "a");
        Put("blog", "a");
        Put("other", "a");
        Informer<Marble, string> informer = Start(new InformerOptions { Namespaces = ["shop", "blog", "shop"], PageSize = 1 });
        await Eventually.That(() => informer.HasSynced && _server.Watches == 2);
        Put("other", "b");
        Put("blog", "b");
        await Eventually.That(() => _changes.Count == 3);
        Assert.Equal(["blog/a", "blog/b", "shop/a"], informer.Store.Keys.Select(key => key.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_list_of_one_namespace_keeps_what_is_in_the_others()
    {
        Put("shop", "a");
        Put("blog", "a");
        Informer<Marble, string> informer = Start(new InformerOptions { Namespaces = ["shop", "blog"] });
        await Eventually.That(() => informer.HasSynced && _server.Watches == 2);
        _server.Silent = true;
        await _server.DeleteAsync<Marble>(new ObjectKey("shop", "a"), null, CancellationToken.None);
        _server.Compact();
        _server.EndWatches(new KubeException(KubeFailure.Gone, "The version has expired."));
        await _time.AdvanceUntil(Second, () => informer.Store.Count == 1);
        await _time.AdvanceUntil(Second, () => _server.Watches == 2 && _server.Calls("list") >= 4);
        Assert.Equal([new ObjectKey("blog", "a")], informer.Store.Keys);
    }

    [Fact]
    public async Task It_is_in_sync_when_all_its_namespaces_are()
    {
        _server.FailNext("list", Broken);
        Informer<Marble, string> informer = Start(new InformerOptions { Namespaces = ["shop", "blog"] });
        await Eventually.That(() => _server.Calls("list") == 2 && _server.Watches == 1);
        Assert.False(informer.HasSynced);
        Assert.Null(informer.LastSignOfLife);
        await _time.AdvanceUntil(Second, () => informer.HasSynced);
        Assert.NotNull(informer.LastSignOfLife);
    }

    [Fact]
    public async Task Without_the_right_to_list_there_are_none_until_the_right_is_given()
    {
        Put("shop", "a");
        _server.FailNext("list", Refused, times: 2);
        Informer<Marble, string> informer = Start(new InformerOptions { MayBeRefused = true });
        await Eventually.That(() => informer.HasSynced);
        Assert.True(informer.IsRefused);
        Assert.Equal(0, informer.Count);
        DateTimeOffset start = _time.GetUtcNow();
        await _time.AdvanceUntil(10 * Second, () => !informer.IsRefused);
        Assert.Equal(1, informer.Count);
        Assert.True(_time.GetUtcNow() - start >= TimeSpan.FromMinutes(10));
        Assert.Equal(3, _server.Calls("list"));
    }

    [Fact]
    public async Task Of_a_kind_that_the_cluster_lacks_there_are_none_until_it_is_defined()
    {
        Put("shop", "a");
        _server.FailNext("list", Unknown);
        Informer<Marble, string> informer = Start(new InformerOptions { IsOptional = true });
        await Eventually.That(() => informer.HasSynced);
        Assert.True(informer.IsRefused);
        await _time.AdvanceUntil(10 * Second, () => !informer.IsRefused);
        Assert.Equal(1, informer.Count);
        Assert.Equal(2, _server.Calls("list"));
    }

    /// <summary>A server that has just started does not know the kinds yet that are defined.</summary>
    [Fact]
    public async Task What_is_known_is_kept_when_the_kind_is_gone()
    {
        Put("shop", "a");
        Informer<Marble, string> informer = Start(new InformerOptions { IsOptional = true });
        await Eventually.That(() => informer.HasSynced && _server.Watches == 1);
        _server.FailNext("list", Unknown);
        _server.EndWatches(Unknown);
        await _time.AdvanceUntil(10 * Second, () => informer.IsRefused);
        Assert.Equal(1, informer.Count);
        await _time.AdvanceUntil(10 * Second, () => !informer.IsRefused);
        Assert.Equal(1, informer.Count);
    }

    [Fact]
    public async Task A_right_to_an_optional_kind_may_be_lost_and_given_again()
    {
        Put("shop", "a");
        Informer<Marble, string> informer = Start(new InformerOptions { IsOptional = true });
        await Eventually.That(() => informer.HasSynced && _server.Watches == 1);
        _server.FailNext("list", Refused);
        _server.EndWatches(Refused);
        await _time.AdvanceUntil(10 * Second, () => informer.IsRefused);
        Assert.True(informer.IsRefusedIn("shop"));
        await _time.AdvanceUntil(10 * Second, () => !informer.IsRefused);
        Assert.Equal(1, informer.Count);
    }

    /// <summary>As when the conversion webhook of a kind is broken.</summary>
    [Fact]
    public async Task An_optional_kind_that_cannot_be_listed_is_not_waited_for()
    {
        Put("shop", "a");
        _server.FailNext("list", Broken, times: 6);
        Informer<Marble, string> informer = Start(new InformerOptions { IsOptional = true });
        await _time.AdvanceUntil(Second, () => informer.HasSynced);
        Assert.True(informer.IsRefused);
        await _time.AdvanceUntil(10 * Second, () => !informer.IsRefused);
        Assert.Equal(1, informer.Count);
    }

    [Fact]
    public async Task Of_several_namespaces_one_alone_may_be_out_of_sight()
    {
        _server.FailNext("list", Refused);
        Informer<Marble, string> informer = Start(new InformerOptions { Namespaces = ["shop", "blog"], IsOptional = true });
        await Eventually.That(() => informer.HasSynced);
        Assert.NotEqual(informer.IsRefusedIn("shop"), informer.IsRefusedIn("blog"));
    }

    [Fact]
    public async Task A_kind_that_is_needed_is_waited_for()
    {
        _server.FailNext("list", Unknown);
        Informer<Marble, string> informer = Start(new InformerOptions { MayBeRefused = true });
        await Eventually.That(() => _server.Calls("list") == 1);
        Assert.False(informer.HasSynced);
        await _time.AdvanceUntil(Second, () => informer.HasSynced);
    }

    [Fact]
    public async Task A_right_that_is_needed_is_waited_for()
    {
        _server.FailNext("list", Refused);
        Informer<Marble, string> informer = Start(new InformerOptions());
        await Eventually.That(() => _server.Calls("list") == 1);
        Assert.False(informer.HasSynced);
        await _time.AdvanceUntil(Second, () => informer.HasSynced);
        Assert.False(informer.IsRefused);
    }

    [Fact]
    public async Task What_is_known_is_kept_when_the_right_is_lost()
    {
        Put("shop", "a");
        Informer<Marble, string> informer = Start(new InformerOptions { MayBeRefused = true });
        await Eventually.That(() => informer.HasSynced && _server.Watches == 1);
        _server.FailNext("list", Refused);
        _server.EndWatches(new KubeException(KubeFailure.Gone, "The version has expired."));
        await _time.AdvanceUntil(Second, () => _server.Calls("list") >= 3 && _server.Watches == 1);
        Assert.False(informer.IsRefused);
        Assert.Equal(1, informer.Count);
    }

    private void Put(string @namespace, string name)
    {
        Marble marble = Marble.Named(name);
        _server.Put(marble with { Metadata = marble.Metadata with { Namespace = @namespace } });
    }

    private Informer<Marble, string> Start(InformerOptions options)
    {
        options = options with { Backoff = new Backoff(Second, 30 * Second, new NoJitter()) };
        var informer = new Informer<Marble, string>(_server, options, marble => marble.Color!, _time, NullLogger.Instance);
        informer.Changed += change => _changes.Enqueue($"{change.Key}");
        _running = informer.RunAsync(_stop.Token);
        return informer;
    }
}
