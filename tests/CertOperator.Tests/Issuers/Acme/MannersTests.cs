using CertOperator.Controllers;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Issuers.Acme;

/// <summary>How the operator treats CAs that are busy, strict or out of order.</summary>
public class MannersTests
{
    [Fact]
    public async Task A_name_is_validated_in_vain_three_times_an_hour_at_most()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.Board.Unreachable["bad.example.com"] = new ValidationFailure("dns", "NXDOMAIN");
        world.World.Apply(Samples.Certificate("bad", issuer: "acme"));
        for (int minute = 0; minute < 58; minute++)
        {
            await world.World.SettleAsync();
            world.Time.Advance(TimeSpan.FromSeconds(1));
            await world.World.SettleAsync();
            world.Time.Advance(TimeSpan.FromSeconds(59));
        }

        Assert.Equal(3, world.Asked(AcmeEndpoint.Challenge));
        Assert.Contains("budget", (await world.World.ReadyAsync("bad")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rate_limit_is_waited_for_and_nothing_is_ordered_before()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.Fail(AcmeEndpoint.NewOrder, AcmeFault.RateLimited("7200"));
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("it is told", async () => (await world.StatusAsync("web")).LastFailure is not null);
        DateTimeOffset next = (await world.StatusAsync("web")).NextAttemptTime!.Value;
        Assert.True(next >= world.Time.GetUtcNow() + TimeSpan.FromSeconds(7190));
        Assert.Equal("RateLimited", (await world.World.ReadyAsync("web")).Reason);

        world.Time.Advance(TimeSpan.FromSeconds(7100));
        // Whoever changes the Certificate, and restarts the operator, does not make it impatient.
        await world.World.StopAsync();
        world.World.Apply(Samples.Certificate("web", "renewBefore: 240h", issuer: "acme"));
        await world.World.SettleAsync();
        await world.World.SettleAsync();
        Assert.Equal(1, world.Asked(AcmeEndpoint.NewOrder));

        await world.UntilReadyAsync("web");
        Assert.Equal(2, world.Asked(AcmeEndpoint.NewOrder));
    }

    [Fact]
    public async Task A_paused_name_needs_a_person_and_names_the_page()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.Fail(AcmeEndpoint.NewOrder, AcmeFault.Paused("https://ca.example/unpause"), AcmeFaults.Always);
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("it is told", async () => (await world.StatusAsync("web")).LastFailure is not null);

        Assert.Equal("AcmeActionRequired", (await world.World.ReadyAsync("web")).Reason);
        Assert.Contains("https://ca.example/unpause", (await world.StatusAsync("web")).LastFailure, StringComparison.Ordinal);
        world.Time.Advance(TimeSpan.FromHours(20));
        await world.World.SettleAsync();
        Assert.Equal(1, world.Asked(AcmeEndpoint.NewOrder));
    }

    [Fact]
    public async Task Two_certificates_for_the_same_names_are_ordered_one_after_the_other()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(new FakeAcmeOptions { ReusesOrders = true });
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        world.World.Apply(Samples.Certificate("web", issuer: "acme").Replace("name: web,", "name: twin,", StringComparison.Ordinal).Replace("secretName: web", "secretName: twin", StringComparison.Ordinal));
        await world.UntilAsync("both are ready", async () => await world.IsReadyAsync("web") && await world.IsReadyAsync("twin"));

        Assert.Equal(2, world.Server.Issued.Count);
        Assert.Equal(0, (await world.StatusAsync("web")).FailedIssuanceAttempts ?? 0);
        Assert.Equal(0, (await world.StatusAsync("twin")).FailedIssuanceAttempts ?? 0);
    }

    [Fact]
    public async Task Waiting_for_a_slow_ca_writes_nothing()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.Server.Behaviour.LooksUntilValidated = 1000;
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("it is being validated", async () => (await world.StatusAsync("web")).Names?[0].State == "Validating");
        world.World.Cluster.Requests.Clear();
        int looks = world.Asked(AcmeEndpoint.Authorization);
        await world.UntilAsync("the CA was asked more often", () => Task.FromResult(world.Asked(AcmeEndpoint.Authorization) > looks + 3));
        Assert.Empty(world.Writes());

        world.Server.Behaviour.LooksUntilValidated = 0;
        await world.UntilReadyAsync("web");
        Assert.Equal(1, world.Asked(AcmeEndpoint.NewOrder));
    }

    [Fact]
    public async Task Two_issuers_that_fail_are_tried_once_each_and_then_waited_for()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.World.Apply(world.Issuer("second"));
        await world.UntilAsync("the second is ready", async () => (await world.IssuerReadyAsync("second"))?.Status == "True");
        world.Fail(AcmeEndpoint.NewOrder, AcmeFault.RateLimited("600"), AcmeFaults.Always);
        world.World.Apply(Samples.Certificate("web", "fallbackIssuerRefs: [{name: second}]", issuer: "acme"));
        await world.UntilAsync("both were tried", async () => (await world.StatusAsync("web")).FailedIssuanceAttempts >= 2);
        await world.World.SettleAsync();
        await world.World.SettleAsync();

        Assert.Equal(2, (await world.StatusAsync("web")).FailedIssuanceAttempts);
        Assert.Equal(2, world.Asked(AcmeEndpoint.NewOrder));
    }

    [Fact]
    public async Task An_unready_issuer_gives_way_to_the_fallback_and_is_returned_to_at_the_renewal()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.World.Apply(Samples.Ca);
        await world.World.SettleAsync();
        world.Fail(AcmeEndpoint.NewOrder, AcmeFault.Unavailable("600"), AcmeFaults.Always);
        world.World.Apply(Samples.Certificate("web", "fallbackIssuerRefs: [{name: ca}]", issuer: "acme"));
        await world.UntilReadyAsync("web");
        Assert.Equal("ca", (await world.StatusAsync("web")).Issuer!.Name);

        world.Server.Faults.Clear();
        DateTimeOffset renewal = (await world.StatusAsync("web")).RenewalTime!.Value;
        world.Time.Advance(renewal - world.Time.GetUtcNow() + TimeSpan.FromSeconds(1));
        await world.UntilAsync("it is renewed", async () => (await world.StatusAsync("web")).Issuer!.Name == "acme");
        Assert.Equal(2, (await world.StatusAsync("web")).Revision);
    }
}
