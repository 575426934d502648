using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.Caching;

/// <summary>Which keys have which values. Not thread-safe: the store's lock guards it.</summary>
internal sealed class Index<TView>(Func<ObjectKey, TView, IEnumerable<string>> values)
    where TView : class
{
    private readonly Dictionary<string, HashSet<ObjectKey>> _keys = [];

    // Remembered instead of computed again: the function might no longer give what it gave for the former view.
    private readonly Dictionary<ObjectKey, string[]> _values = [];

    public IEnumerable<ObjectKey> Find(string value) => _keys.TryGetValue(value, out var keys) ? keys : [];

    public void Set(ObjectKey key, TView view)
    {
        string[] found = [.. values(key, view).Distinct()];
        Remove(key);
        if (found.Length == 0)
            return;
        _values[key] = found;
        foreach (var value in found)
        {
            if (!_keys.TryGetValue(value, out var keys))
                _keys[value] = keys = [];
            keys.Add(key);
        }
    }

    public void Remove(ObjectKey key)
    {
        if (!_values.Remove(key, out var former))
            return;
        foreach (var value in former)
        {
            _keys[value].Remove(key);
            if (_keys[value].Count == 0)
                _keys.Remove(value);
        }
    }
}
