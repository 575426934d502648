using CertOperator.Api;
using CertOperator.Controllers;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Issuers.Acme;

/// <summary>What a CA asks to be waited for is waited for by the next process, too.</summary>
public class HoldTests
{
    [Fact]
    public async Task An_order_is_not_looked_at_before_the_time_that_the_ca_named()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.Server.Behaviour.LooksUntilValid = 1000;
        world.Server.Behaviour.RetryAfter = "600";
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("it is being validated", async () => (await world.StatusAsync("web")).Issuance?.NextCheck is not null);
        world.Time.Advance(TimeSpan.FromSeconds(601));
        await world.UntilAsync("it is being made", async () => world.Asked(AcmeEndpoint.Finalize) == 1 && (await world.StatusAsync("web")).Issuance?.NextCheck > world.Time.GetUtcNow() + TimeSpan.FromSeconds(500));
        DateTimeOffset next = (await world.StatusAsync("web")).Issuance!.NextCheck!.Value;
        Assert.InRange(next, world.Time.GetUtcNow() + TimeSpan.FromSeconds(500), world.Time.GetUtcNow() + TimeSpan.FromSeconds(601));
        CertificateStatus told = await world.StatusAsync("web");
        int looks = world.Asked(AcmeEndpoint.Order);

        await world.World.StopAsync();
        world.Time.Advance(next - world.Time.GetUtcNow() - TimeSpan.FromSeconds(5));
        world.World.Cluster.Requests.Clear();
        await world.World.SettleAsync();
        Assert.Equal(looks, world.Asked(AcmeEndpoint.Order));
        Assert.Empty(world.Writes());
        Assert.Equal(told.Conditions, (await world.StatusAsync("web")).Conditions);

        world.Server.Behaviour.LooksUntilValid = 0;
        await world.UntilReadyAsync("web");
        Assert.Equal(1, world.Asked(AcmeEndpoint.NewOrder));
        await world.AssertTidyAsync("web");
    }

    [Fact]
    public async Task A_limit_of_the_whole_account_holds_all_certificates_and_outlives_a_restart()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.Fail(AcmeEndpoint.NewOrder, AcmeFault.RateLimited("3600", "#new-orders-per-account"));
        world.World.Apply(Samples.Certificate("first", issuer: "acme"));
        await world.UntilAsync("it is told", async () => (await world.StatusAsync("first")).LastFailure is not null);
        Assert.Equal(FailureReport.AccountLimited, (await world.World.ReadyAsync("first")).Reason);

        await world.World.StopAsync();
        world.World.Apply(Samples.Certificate("second", issuer: "acme"));
        await world.World.SettleAsync();
        Assert.Equal(1, world.Asked(AcmeEndpoint.NewOrder));
        Assert.Equal(FailureReport.AccountLimited, (await world.World.ReadyAsync("second")).Reason);

        world.Time.Advance(TimeSpan.FromMinutes(61));
        await world.UntilReadyAsync("first");
        await world.UntilReadyAsync("second");
        Assert.Equal(3, world.Asked(AcmeEndpoint.NewOrder));
    }

    [Fact]
    public async Task A_registration_that_is_limited_is_not_tried_before_its_time()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(isReady: false);
        world.Fail(AcmeEndpoint.NewAccount, AcmeFault.RateLimited("3600"), AcmeFaults.Always);
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("it is told", async () => (await world.IssuerReadyAsync())?.Status == ConditionTypes.False);
        Assert.Equal(1, world.Asked(AcmeEndpoint.NewAccount));

        await world.World.StopAsync();
        world.Time.Advance(TimeSpan.FromMinutes(59));
        world.World.Cluster.Requests.Clear();
        await world.World.SettleAsync();
        Assert.Equal(1, world.Asked(AcmeEndpoint.NewAccount));
        Assert.Empty(world.Writes());

        world.Server.Faults.Clear();
        await world.UntilReadyAsync("web");
        Assert.Null((await world.IssuerAsync()).Status!.Acme!.NextCheck);
    }

    [Fact]
    public async Task Certificates_of_an_account_that_is_limited_do_not_ask_one_after_the_other()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        await world.World.StopAsync();
        world.Fail(AcmeEndpoint.NewAccount, AcmeFault.RateLimited("3600"), AcmeFaults.Always);
        foreach (string name in (string[])["a", "b", "c", "d"])
            world.World.Apply(Samples.Certificate(name, issuer: "acme"));
        await world.World.SettleAsync();

        Assert.Equal(2, world.Asked(AcmeEndpoint.NewAccount));
        world.Server.Faults.Clear();
        world.Time.Advance(TimeSpan.FromMinutes(61));
        await world.UntilReadyAsync("d");
    }
}
