using System.Globalization;
using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory.Json;

namespace CertOperator.Runtime.InMemory.Storage;

/// <summary>One committed write; Before is null for a creation, After for a removal.</summary>
internal sealed record Change(long Version, string Path, StoredObject? Before, StoredObject? After)
{
    /// <summary>What a watcher that sees only the selected objects is told; null if nothing.</summary>
    public Delivery? For(Selection selection)
    {
        var was = Before is not null && selection.Matches(Before.Json);
        var isNow = After is not null && selection.Matches(After.Json);
        return (was, isNow) switch
        {
            (false, false) => null,
            (false, true) => new Delivery(WatchEventType.Added, After!, Version),
            (true, true) => new Delivery(WatchEventType.Modified, After!, Version),
            (true, false) => new Delivery(WatchEventType.Deleted, LastState(Before!), Version),
        };
    }

    /// <summary>A deletion shows the last state, but with the version of the deletion.</summary>
    private StoredObject LastState(StoredObject before)
    {
        var json = before.Json.DeepClone().AsObject();
        json.Metadata()["resourceVersion"] = Version.ToString(CultureInfo.InvariantCulture);
        return before with { Json = json };
    }
}

/// <summary>A watch event on its way; a bookmark has no object.</summary>
internal sealed record Delivery(WatchEventType Type, StoredObject? Object, long Version);

/// <summary>What a list or watch covers.</summary>
internal sealed record Selection(string? Namespace, LabelSelector Labels, FieldSelector Fields)
{
    public static Selection Everything { get; } = new(null, LabelSelector.Everything, FieldSelector.Everything);

    public bool IsFiltered => !Labels.IsEmpty || !Fields.IsEmpty;

    public bool Matches(JsonObject json)
        => (Namespace is null || json.Namespace() == Namespace) && Labels.Matches(json["metadata"]?["labels"] as JsonObject) && Fields.Matches(json);
}
