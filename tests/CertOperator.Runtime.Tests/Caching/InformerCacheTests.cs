using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Tests.Kinds;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Runtime.Tests.Caching;

public sealed class InformerCacheTests
{
    private static readonly ObjectKey Key = new("shop", "a");

    private readonly InformerCache<Marble, string> _cache = new("marbles", marble => marble.Color!, NullLogger.Instance);
    private readonly List<string> _changes = [];

    public InformerCacheTests() => _cache.Changed += change => _changes.Add($"{change.Before ?? "-"} > {change.After ?? "-"}");

    [Fact]
    public void An_own_write_is_seen_at_once_and_told_once()
    {
        _cache.Put(Of("red", 1));
        Assert.Equal("blue", _cache.Observe(Of("blue", 2)));
        Assert.Equal("blue", _cache.Store.Find(Key));
        _cache.Put(Of("blue", 2));
        Assert.Equal(["- > red", "red > blue"], _changes);
    }

    [Fact]
    public void A_report_from_before_an_own_write_does_not_undo_it()
    {
        _cache.Observe(Of("blue", 5));
        _cache.Put(Of("red", 4));
        Assert.Equal("blue", _cache.Store.Find(Key));
        _cache.Put(Of("green", 6));
        Assert.Equal("green", _cache.Store.Find(Key));
    }

    [Fact]
    public void An_own_write_that_comes_late_does_not_undo_what_was_reported_since()
    {
        _cache.Put(Of("red", 7));
        Assert.Equal("blue", _cache.Observe(Of("blue", 6)));
        Assert.Equal("red", _cache.Store.Find(Key));
    }

    [Fact]
    public void An_own_write_that_comes_late_does_not_bring_back_what_was_deleted_since()
    {
        _cache.Put(Of("red", 1));
        _cache.Remove(Of("red", 1), "3");
        _cache.Reported(null, "3");
        _cache.Observe(Of("blue", 2));
        Assert.Null(_cache.Store.Find(Key));
    }

    [Fact]
    public void What_was_reported_of_one_namespace_says_nothing_of_another()
    {
        _cache.Reported("blog", "9");
        _cache.Observe(Of("blue", 2));
        Assert.Equal("blue", _cache.Store.Find(Key));
        _cache.KeepOnly("blog", [], "9");
        Assert.Equal("blue", _cache.Store.Find(Key));
    }

    [Fact]
    public void A_deletion_from_before_an_own_write_does_not_remove_what_was_made_anew()
    {
        _cache.Put(Of("red", 1));
        _cache.Observe(Of("blue", 3));
        _cache.Remove(Of("red", 1), "2");
        Assert.Equal("blue", _cache.Store.Find(Key));
        _cache.Remove(Of("blue", 3), "4");
        Assert.Null(_cache.Store.Find(Key));
    }

    [Fact]
    public void A_list_does_not_remove_what_was_written_after_it()
    {
        _cache.Put(Of("red", 1, "old"));
        _cache.Observe(Of("blue", 9));
        _cache.KeepOnly(null, [], "8");
        Assert.Equal([Key], _cache.Store.Keys);
        _cache.KeepOnly(null, [], "9");
        Assert.Empty(_cache.Store.Keys);
    }

    [Fact]
    public void After_a_restore_from_a_backup_the_list_wins_over_higher_versions()
    {
        _cache.Put(Of("red", 100));
        _cache.Reported(null, "100");
        _cache.Listing(null, "50");
        _cache.Put(Of("blue", 40));
        Assert.Equal("blue", _cache.Store.Find(Key));
    }

    private static Marble Of(string color, int version, string name = "a")
    {
        var marble = Marble.Named(name, color);
        return marble with { Metadata = marble.Metadata with { ResourceVersion = $"{version}" } };
    }
}
