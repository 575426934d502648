namespace CertOperator.Challenges.Dns.Emulators;

/// <summary>The TXT records that an emulated provider keeps, by name without the dot at the end.</summary>
internal sealed class RecordSets
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<Entry>> _sets = [];
    private int _nextId = 1000;

    /// <summary>Called once, before the next write is looked at: another writer's chance.</summary>
    public Action? Overtake { get; set; }

    public void LetOvertake()
    {
        Action? overtake = Overtake;
        Overtake = null;
        overtake?.Invoke();
    }

    public IReadOnlyList<Entry> Find(string name)
    {
        lock (_lock)
            return [.. _sets.GetValueOrDefault(name.TrimEnd('.')) ?? []];
    }

    public IReadOnlyList<string> Values(string name) => [.. Find(name).Select(entry => entry.Value)];

    public Entry Add(string name, string value)
    {
        lock (_lock)
        {
            var entry = new Entry(_nextId++, value);
            if (!_sets.TryGetValue(name.TrimEnd('.'), out List<Entry>? set))
                _sets[name.TrimEnd('.')] = set = [];
            set.Add(entry);
            return entry;
        }
    }

    public bool Remove(int id)
    {
        lock (_lock)
            return _sets.Values.Sum(set => set.RemoveAll(entry => entry.Id == id)) > 0;
    }

    /// <summary>Replaces a set if it is still the expected one.</summary>
    public bool Replace(string name, IReadOnlyList<string> expected, IReadOnlyList<string> values)
    {
        lock (_lock)
        {
            if (!Values(name).SequenceEqual(expected))
                return false;
            _sets[name.TrimEnd('.')] = [.. values.Select(value => new Entry(_nextId++, value))];
            return true;
        }
    }

    internal sealed record Entry(int Id, string Value);
}
