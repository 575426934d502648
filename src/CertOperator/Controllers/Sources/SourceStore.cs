using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers.Sources;

/// <summary>The objects of a kind that may want Certificates, found by those.</summary>
internal sealed class SourceStore<T>
    where T : class, IKubeObject<T>
{
    private const string ByCertificate = "certificate";

    private readonly ObjectStore<T> _store;
    private readonly Func<T, SourceReading> _read;

    /// <param name="store">All of them; before the cache starts.</param>
    /// <param name="read">What one of them wants.</param>
    public SourceStore(ObjectStore<T> store, Func<T, SourceReading> read)
    {
        (_store, _read) = (store, read);
        _store.AddIndex(ByCertificate, (_, source) => Keys(source).Select(key => key.ToString()));
    }

    public T? Find(ObjectKey key) => _store.Find(key);

    public SourceReading Read(T source) => _read(source);

    /// <summary>The Certificates that one of them has to do with.</summary>
    public IEnumerable<ObjectKey> Keys(T? source)
        => source is null || Read(source) is not { } reading ? []
        : reading.Certificates.Select(wanted => wanted.Key).Concat(reading.Held.Select(name => new ObjectKey(source.Metadata.Namespace ?? "", name)));

    /// <summary>What those want that have to do with a Certificate.</summary>
    public IEnumerable<SourceReading> Readings(ObjectKey certificate) => _store.Lookup(ByCertificate, certificate.ToString()).Select(_read);
}
