using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Controllers;
using CertOperator.Controllers.Certificates;
using CertOperator.Runtime.Client;

namespace CertOperator.Issuers.Acme;

/// <summary>What an order put into DNS goes with it, however it ends, and whether or not an operator was there to see it end.</summary>
public abstract class LeftoverTests(string type) : IAsyncLifetime
{
    private static readonly ObjectKey Web = new("shop", "web");

    private ValidationWay _way = null!;
    private AcmeWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _way = await ValidationWay.StartAsync(type);
        _world = await _way.StartWorldAsync(isReady: true);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _world.DisposeAsync();
        await _way.DisposeAsync();
    }

    [Fact]
    public async Task A_certificate_validated_by_dns_costs_two_writes_more()
    {
        _world.World.Cluster.Requests.Clear();
        _world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await _world.UntilAsync("it is done", async () => await _world.IsReadyAsync("web") && await HoldAsync() is []);

        // Eight: those of every order, and before and after them the hold on the deletion.
        Assert.Equal(["create secrets 2", "delete secrets 1", "patch certificates 2", "patch certificates/status 3", "patch secrets 1"], _world.Writes());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_certificate_that_is_deleted_takes_its_record_along(bool isOperatorThere)
    {
        await BeginAsync();
        if (!isOperatorThere)
            await _world.World.StopAsync();
        _world.World.Cluster.Delete(Certificate.Type, Web);
        if (!isOperatorThere)
            Assert.NotNull((await _world.World.CertificateAsync("web")).Metadata.DeletionTimestamp);
        await _world.UntilAsync("it is gone", async () => await _world.World.FindCertificateAsync("web") is null);

        Assert.Empty(await _way.LeftAsync(_world));
        Assert.Equal(["Opaque", "Opaque"], _world.SecretTypes());
    }

    [Fact]
    public async Task A_record_that_cannot_be_removed_holds_a_deletion_up_for_a_while_only()
    {
        await BeginAsync();
        _world.World.Cluster.Delete(Secret.Type, new ObjectKey("shop", "dns"));
        _world.World.Cluster.Delete(Certificate.Type, Web);
        await _world.World.SettleAsync();
        Assert.Equal([DeletionHold.Finalizer], await HoldAsync());

        _world.Time.Advance(TimeSpan.FromMinutes(11));
        await _world.UntilAsync("it is gone", async () => await _world.World.FindCertificateAsync("web") is null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_account_key_takes_the_records_of_the_former_away(bool isOperatorThere)
    {
        await BeginAsync();
        string former = Assert.Single(await _way.LeftAsync(_world));
        if (!isOperatorThere)
            await _world.World.StopAsync();
        _world.World.Apply(_world.Issuer(solver: _way.Solver, more: "    selfCheck: \"Off\"").Replace("acme-account", "another-account", StringComparison.Ordinal));
        await _world.UntilAsync("the other account's record is there", async () => (await _way.LeftAsync(_world)).Any(text => text != former));
        Assert.DoesNotContain(former, await _way.LeftAsync(_world));

        _world.Server.Behaviour.LooksUntilValidated = 0;
        await _world.UntilReadyAsync("web");
        Assert.Empty(await _way.LeftAsync(_world));
        Assert.Equal(2, _world.Server.Accounts.Count);
        Assert.Single(_world.Server.Issued);
    }

    [Fact]
    public async Task An_issuer_that_is_not_wanted_any_more_leaves_no_record()
    {
        await BeginAsync();
        await _world.World.StopAsync();
        _world.World.Apply(Samples.Ca);
        _world.World.Apply(Samples.Certificate("web"));
        await _world.UntilReadyAsync("web");

        Assert.Empty(await _way.LeftAsync(_world));
        Assert.Empty(await HoldAsync());
        Assert.Empty(_world.Server.Issued);
    }

    [Fact]
    public async Task Finalizers_of_others_stay()
    {
        _world.Server.Behaviour.LooksUntilValidated = 1000;
        _world.World.Apply(Samples.Certificate("web", issuer: "acme").Replace("namespace: shop}", "namespace: shop, finalizers: [example.com/other]}", StringComparison.Ordinal));
        await _world.UntilAsync("the record is there", async () => (await _way.LeftAsync(_world)).Count == 1);
        Assert.Equal(["example.com/other", DeletionHold.Finalizer], await HoldAsync());

        _world.World.Cluster.Delete(Certificate.Type, Web);
        await _world.UntilAsync("only the other holds it", async () => await HoldAsync() is ["example.com/other"]);
        Assert.Empty(await _way.LeftAsync(_world));
        _world.World.Cluster.Patch(Certificate.Type, Web, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
        Assert.Null(await _world.World.FindCertificateAsync("web"));
    }

    /// <summary>An order whose record is in DNS, and which the CA does not make its mind up about.</summary>
    private async Task BeginAsync()
    {
        _world.Server.Behaviour.LooksUntilValidated = 1000;
        _world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await _world.UntilAsync("the record is there", async () => (await _way.LeftAsync(_world)).Count == 1);
        Assert.Equal([DeletionHold.Finalizer], await HoldAsync());
    }

    private async Task<IReadOnlyList<string>> HoldAsync() => (await _world.World.CertificateAsync("web")).Metadata.Finalizers ?? [];
}

public sealed class DnsLeftoverTests() : LeftoverTests(ValidationWay.Dns);

public sealed class DnsAccountLeftoverTests() : LeftoverTests(ValidationWay.DnsAccount);
