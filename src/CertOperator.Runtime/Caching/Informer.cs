using CertOperator.Runtime.Client;
using Microsoft.Extensions.Logging;

namespace CertOperator.Runtime.Caching;

/// <summary>
/// Keeps a local copy of every object of a kind, in all namespaces or in some. A <see cref="Reflector{T, TView}"/> for each of
/// these brings what the server reports.
/// </summary>
/// <typeparam name="T">The kind.</typeparam>
/// <typeparam name="TView">What is kept of an object.</typeparam>
public sealed class Informer<T, TView> : IInformer
    where T : class, IKubeObject<T>
    where TView : class
{
    private readonly InformerCache<T, TView> _cache;
    private readonly Reflector<T, TView>[] _reflectors;

    /// <param name="client">Where the objects are.</param>
    /// <param name="options">Which objects.</param>
    /// <param name="project">Makes the view that is kept; runs once per change, on the informer's thread.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told of failures.</param>
    public Informer(IKubeClient client, InformerOptions options, Func<T, TView> project, TimeProvider time, ILogger logger)
    {
        _cache = new InformerCache<T, TView>(options.Name ?? T.Type.QualifiedName, project, logger);
        string?[] places = T.Type.Namespaced && options.Namespaces.Count > 0 ? [.. options.Namespaces.Distinct()] : [null];
        _reflectors = [.. places.Select(place => new Reflector<T, TView>(client, options, place, _cache, time, logger))];
    }

    /// <summary>Called after each change is in <see cref="Store"/>, one change at a time. Subscribe before the start.</summary>
    public event Action<Change<TView>>? Changed
    {
        add => _cache.Changed += value;
        remove => _cache.Changed -= value;
    }

    /// <summary>What is cached. Empty until the first list arrives, complete once <see cref="HasSynced"/>.</summary>
    public ObjectStore<TView> Store => _cache.Store;

    /// <inheritdoc/>
    public string Name => _cache.Name;

    /// <inheritdoc/>
    public bool HasSynced => Array.TrueForAll(_reflectors, reflector => reflector.Synced.IsCompleted);

    /// <summary>
    /// The kind cannot be seen, and that is in order: <see cref="InformerOptions.MayBeRefused"/>, <see cref="InformerOptions.IsOptional"/>.
    /// What is cached need not be all there is.
    /// </summary>
    public bool IsRefused => Array.Exists(_reflectors, reflector => reflector.IsRefused);

    /// <summary>The same of one namespace.</summary>
    public bool IsRefusedIn(string @namespace) => Array.Exists(_reflectors, reflector => reflector.IsRefused && (reflector.Namespace is null || reflector.Namespace == @namespace));

    /// <inheritdoc/>
    public DateTimeOffset? LastSignOfLife
        => Array.ConvertAll(_reflectors, reflector => reflector.LastSignOfLife) is var signs && Array.Exists(signs, sign => sign is null) ? null : signs.Min();

    /// <inheritdoc/>
    public int Count => Store.Count;

    /// <inheritdoc/>
    public int Undecodable => _cache.Undecodable;

    /// <summary>
    /// Stores what a write of this process gave back, so that the next reconciliation reads its own writes instead of a cache
    /// that lags behind. Anything older than what the server has reported meanwhile is left out.
    /// </summary>
    /// <returns>The view of what was written.</returns>
    public TView Observe(T written) => _cache.Observe(written);

    /// <inheritdoc/>
    public Task WaitForSyncAsync(CancellationToken cancel) => Task.WhenAll(_reflectors.Select(reflector => reflector.Synced)).WaitAsync(cancel);

    /// <inheritdoc/>
    public Task RunAsync(CancellationToken cancel) => Task.WhenAll(_reflectors.Select(reflector => reflector.RunAsync(cancel)));
}
