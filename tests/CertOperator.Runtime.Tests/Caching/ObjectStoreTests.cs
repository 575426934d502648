using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.Tests.Caching;

public sealed class ObjectStoreTests
{
    private static readonly ObjectKey A = new("shop", "a");
    private static readonly ObjectKey B = new("shop", "b");

    private readonly ObjectStore<string> _store = new();

    public ObjectStoreTests() => _store.AddIndex("word", (_, view) => view.Split(' '));

    [Fact]
    public void What_was_set_is_found_until_it_is_removed()
    {
        Assert.Null(_store.Set(A, "1", "red"));
        Assert.Equal("red", _store.Set(A, "2", "blue"));
        Assert.Equal("blue", _store.Find(A));
        Assert.Equal(1, _store.Count);
        Assert.Equal("blue", _store.Remove(A));
        Assert.Null(_store.Find(A));
        Assert.Null(_store.Remove(A));
    }

    [Fact]
    public void Objects_are_found_by_each_of_their_values()
    {
        _store.Set(A, "1", "red blue red");
        _store.Set(B, "2", "blue");
        Assert.Equal([A], _store.LookupKeys("word", "red"));
        Assert.Equal([A, B], _store.LookupKeys("word", "blue").OrderBy(key => key.Name));
        Assert.Equal(["red blue red"], _store.Lookup("word", "red"));
        Assert.Empty(_store.Lookup("word", "green"));
    }

    [Fact]
    public void An_index_forgets_former_values()
    {
        _store.Set(A, "1", "red blue");
        _store.Set(A, "2", "blue green");
        Assert.Empty(_store.LookupKeys("word", "red"));
        Assert.Equal([A], _store.LookupKeys("word", "green"));
        _store.Remove(A);
        Assert.Empty(_store.LookupKeys("word", "blue"));
    }

    [Fact]
    public void A_snapshot_does_not_change_afterwards()
    {
        _store.Set(A, "1", "red");
        var all = _store.All;
        var keys = _store.Keys;
        _store.Set(B, "2", "blue");
        Assert.Equal(["red"], all);
        Assert.Equal([A], keys);
    }

    [Fact]
    public void An_index_that_comes_too_late_is_refused()
    {
        _store.Set(A, "1", "red");
        Assert.Throws<InvalidOperationException>(() => _store.AddIndex("late", (_, view) => [view]));
    }
}
