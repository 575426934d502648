using System.Collections.Concurrent;
using CertOperator.Testing.Cluster;
using Xunit;

namespace CertOperator.Testing.Acme;

/// <summary>
/// Shared Pebbles, one for each set of options that a test asks for (<c>[assembly: AssemblyFixture(typeof(PebbleFixture))]</c>,
/// or as a class fixture); the same instance of options gives the same server. Started by the first test that asks.
/// </summary>
public sealed class PebbleFixture : IAsyncDisposable
{
    private static readonly PebbleOptions Default = new();

    private readonly ConcurrentDictionary<PebbleOptions, Lazy<Task<PebbleServer>>> _servers = new();

    /// <summary>Returns the server; skips the test, with the reason, when Pebble is not on this machine.</summary>
    public async Task<PebbleServer> GetAsync(PebbleOptions? options = null)
    {
        try
        {
            return await _servers.GetOrAdd(options ?? Default, wanted => new(() => PebbleServer.StartAsync(wanted))).Value;
        }
        catch (MissingPartException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values.Where(s => s.IsValueCreated && s.Value.IsCompletedSuccessfully))
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
