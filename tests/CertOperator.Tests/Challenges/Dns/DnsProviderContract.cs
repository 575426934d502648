using CertOperator.Challenges.Dns.Wire;

namespace CertOperator.Challenges.Dns;

/// <summary>What every provider does, whatever its API: values are a set, and others' values are not touched.</summary>
public abstract class DnsProviderContract : IAsyncLifetime
{
    private protected ProviderWorld World { get; private set; } = null!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => World = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<ProviderWorld> StartAsync();

    [Fact]
    public async Task A_value_is_added_beside_others_and_removed_alone()
    {
        await World.Provider.AddAsync(ProviderWorld.Record("others"), Cancel);
        await World.Provider.AddAsync(ProviderWorld.Record("ours"), Cancel);
        await AssertValuesAsync("others", "ours");

        await World.Provider.RemoveAsync(ProviderWorld.Record("ours"), Cancel);
        await AssertValuesAsync("others");

        await World.Provider.RemoveAsync(ProviderWorld.Record("others"), Cancel);
        await AssertValuesAsync();
    }

    [Fact]
    public async Task Adding_and_removing_may_be_repeated()
    {
        await World.Provider.AddAsync(ProviderWorld.Record("ours"), Cancel);
        await World.Provider.AddAsync(ProviderWorld.Record("ours"), Cancel);
        await AssertValuesAsync("ours");

        await World.Provider.RemoveAsync(ProviderWorld.Record("ours"), Cancel);
        await World.Provider.RemoveAsync(ProviderWorld.Record("ours"), Cancel);
        await AssertValuesAsync();
    }

    [Fact]
    public async Task A_domain_and_its_wildcard_are_presented_at_once()
    {
        var solver = new Dns01Solver(World.Services);
        string[] values = ["apex", "wildcard", "third"];

        await Task.WhenAll(values.Select(value => solver.PresentAsync(World.Spec, World.Context, ProviderWorld.Record(value), Cancel)));
        await AssertValuesAsync(values);

        await Task.WhenAll(values.Select(value => solver.CleanUpAsync(World.Spec, World.Context, ProviderWorld.Record(value), Cancel)));
        await AssertValuesAsync();
    }

    protected async Task AssertValuesAsync(params string[] expected)
        => Assert.Equal(expected.Order(StringComparer.Ordinal), (await World.ValuesAsync()).Order(StringComparer.Ordinal));
}

/// <summary>What every provider does that is given credentials.</summary>
public abstract class CredentialedProviderContract : DnsProviderContract
{
    [Fact]
    public async Task Credentials_that_are_refused_are_not_shown()
    {
        await World.WithCredentialAsync(World.WrongCredential);

        var refused = await Assert.ThrowsAsync<DnsException>(() => World.Provider.AddAsync(ProviderWorld.Record("ours"), Cancel));

        Assert.DoesNotContain(World.WrongCredential, refused.ToString(), StringComparison.Ordinal);
        await AssertValuesAsync();
    }

    [Fact]
    public async Task A_missing_Secret_is_named()
    {
        var solver = new Dns01Solver(World.Services);
        var context = World.Context with { Secrets = World.ElsewhereSecrets };

        var missing = await Assert.ThrowsAsync<DnsException>(() => solver.PresentAsync(World.Spec, context, ProviderWorld.Record("ours"), Cancel));

        Assert.Contains("The Secret elsewhere/credentials that is to hold", missing.Message, StringComparison.Ordinal);
    }
}
