using CertOperator.Acme.Errors;

namespace CertOperator.Acme.Protocol;

/// <summary>The directory of one server, read at most once an hour and by one caller at a time.</summary>
internal sealed class DirectoryCache(Uri url, AcmeSession session, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan StaleLifetime = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _reading = new(1);
    private volatile Entry? _entry;

    public Uri Url => url;

    public void Dispose() => _reading.Dispose();

    public async Task<AcmeDirectory> GetAsync(CancellationToken cancel)
    {
        if (Fresh() is { } known) return known;
        await _reading.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            return Fresh() ?? await ReadAsync(cancel).ConfigureAwait(false);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Has the directory read again, unless somebody did so since.</summary>
    public void Forget(AcmeDirectory directory)
    {
        var entry = _entry;
        if (entry is not null && ReferenceEquals(entry.Directory, directory)) Interlocked.CompareExchange(ref _entry, null, entry);
    }

    private AcmeDirectory? Fresh()
        => _entry is { } entry && time.GetUtcNow() < entry.Until ? entry.Directory : null;

    private async Task<AcmeDirectory> ReadAsync(CancellationToken cancel)
    {
        try
        {
            var reply = await session.GetAsync(AcmeStage.Directory, HttpMethod.Get, url, cancel).ConfigureAwait(false);
            var directory = DirectoryReader.Read(reply, session.AllowHttp);
            _entry = new Entry(directory, time.GetUtcNow() + Lifetime);
            return directory;
        }
        catch (AcmeException) when (_entry is { } stale)
        {
            // Directories hardly ever change: an old one is better than a failed renewal.
            _entry = stale with { Until = time.GetUtcNow() + StaleLifetime };
            return stale.Directory;
        }
    }

    private sealed record Entry(AcmeDirectory Directory, DateTimeOffset Until);
}
