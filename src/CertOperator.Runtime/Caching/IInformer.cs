namespace CertOperator.Runtime.Caching;

/// <summary>An <see cref="Informer{T, TView}"/> as those see it who start and observe all of them.</summary>
public interface IInformer
{
    /// <summary>What is cached, for logs, metrics and health, e.g. <c>ingresses.networking.k8s.io</c>.</summary>
    string Name { get; }

    /// <summary>The first list is complete.</summary>
    bool HasSynced { get; }

    /// <summary>When the API server last answered or sent anything for this cache, in each of its namespaces; null: never yet.</summary>
    DateTimeOffset? LastSignOfLife { get; }

    /// <summary>Cached objects.</summary>
    int Count { get; }

    /// <summary>Objects whose present state could not be decoded; the last good one stays cached.</summary>
    int Undecodable { get; }

    /// <summary>Lists and watches until cancelled, and then returns. No failure ends it.</summary>
    Task RunAsync(CancellationToken cancel);

    /// <summary>Waits until <see cref="HasSynced"/>.</summary>
    Task WaitForSyncAsync(CancellationToken cancel);
}
