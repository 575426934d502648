namespace CertOperator.Runtime.InMemory.Ownership;

/// <summary>
/// How server-side apply takes a value apart. Without a word in the schema, objects are merged field by field and lists
/// are replaced as one.
/// </summary>
internal sealed record FieldShape
{
    /// <summary>The shape of everything of which nothing is known.</summary>
    public static FieldShape Open { get; } = new();

    public static FieldShape AtomicMap { get; } = new() { Atomic = true };

    public static FieldShape SetOfScalars { get; } = new() { IsSet = true };

    /// <summary>An object that has one owner, as a whole.</summary>
    public bool Atomic { get; init; }

    /// <summary>A list of which each value has its own owners.</summary>
    public bool IsSet { get; init; }

    /// <summary>Set for a list whose items are told apart by these fields.</summary>
    public IReadOnlyList<MapKey>? Keys { get; init; }

    public IReadOnlyDictionary<string, FieldShape>? Fields { get; init; }

    /// <summary>The shape of list items, or of the values of a map with free keys.</summary>
    public FieldShape? Elements { get; init; }

    public FieldShape Field(string name)
        => Fields is not null && Fields.TryGetValue(name, out var known) ? known : Elements ?? Open;

    public FieldShape Items => Elements ?? Open;

    public static FieldShape Object(params (string Name, FieldShape Shape)[] fields)
        => new() { Fields = fields.ToDictionary(field => field.Name, field => field.Shape) };

    /// <param name="keys">The key fields; <c>name=default</c> gives one a default.</param>
    /// <param name="items">Shape of the items.</param>
    public static FieldShape ListMap(IEnumerable<string> keys, FieldShape? items = null)
        => new() { Keys = [.. keys.Select(MapKey.Parse).OrderBy(key => key.Name, StringComparer.Ordinal)], Elements = items };
}
