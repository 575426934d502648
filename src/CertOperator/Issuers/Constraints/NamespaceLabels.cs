using System.Collections.Concurrent;
using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Issuers.Constraints;

/// <summary>Labels of namespaces, which are not watched: only where an issuer's constraints choose by them, they are read. Thread-safe.</summary>
internal sealed class NamespaceLabels(IKubeClient client, TimeProvider time)
{
    /// <summary>How long what was read is good, so that a thousand Certificates that come together are one request.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private const int MostKept = 1000;

    private readonly ConcurrentDictionary<string, (long At, IReadOnlyDictionary<string, string>? Labels)> _known = new(StringComparer.Ordinal);

    /// <returns>Null for a namespace without labels, or that is gone.</returns>
    /// <exception cref="KubeException">They cannot be read.</exception>
    public async Task<IReadOnlyDictionary<string, string>?> FindAsync(string ns, CancellationToken cancel)
    {
        if (_known.TryGetValue(ns, out var known) && time.GetElapsedTime(known.At) < Fresh)
            return known.Labels;

        IReadOnlyDictionary<string, string>? labels = (await client.FindAsync<Namespace>(ObjectKey.Cluster(ns), cancel))?.Metadata.Labels;
        if (_known.Count >= MostKept)
            _known.Clear();
        _known[ns] = (time.GetTimestamp(), labels);
        return labels;
    }
}
