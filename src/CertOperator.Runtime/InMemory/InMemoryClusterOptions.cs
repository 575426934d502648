namespace CertOperator.Runtime.InMemory;

/// <summary>How an <see cref="InMemoryCluster"/> behaves where clusters differ.</summary>
public sealed record InMemoryClusterOptions
{
    /// <summary>A write into a namespace that does not exist makes the namespace; otherwise it is refused, as in a cluster.</summary>
    public bool CreateNamespaces { get; init; }

    /// <summary>
    /// Owned objects, and the content of deleted namespaces, go with the deletion itself; otherwise they wait for
    /// <see cref="InMemoryCluster.CollectGarbage"/>.
    /// </summary>
    public bool CollectGarbageAtOnce { get; init; }

    /// <summary>How many changes of each kind a watch can be resumed from.</summary>
    public int HistorySize { get; init; } = 10_000;
}
