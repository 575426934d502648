using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Controllers;
using CertOperator.Issuers.Acme;
using CertOperator.Runtime.Client;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Rotation;

public class RetryNowTests
{
    [Fact]
    public async Task Each_value_of_the_annotation_has_one_attempt_made_at_once()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.Fail(AcmeEndpoint.NewOrder, AcmeFault.Rejected("web.example.com"), AcmeFaults.Always);
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("it failed", () => HasFailedAsync(world, 1));
        DateTimeOffset next = (await world.StatusAsync("web")).NextAttemptTime!.Value;
        Assert.True(next > world.Time.GetUtcNow());

        Annotate(world, "first");
        await world.World.SettleAsync();
        Assert.True(await HasFailedAsync(world, 2));
        await RestartAsync(world);
        Annotate(world, "first");
        await world.World.SettleAsync();
        Assert.True(await HasFailedAsync(world, 2));
        Assert.Equal(2, world.Asked(AcmeEndpoint.NewOrder));

        world.Server.Faults.Clear();
        Annotate(world, "second");
        await world.UntilReadyAsync("web");
        Assert.True(world.Time.GetUtcNow() < next);
    }

    [Fact]
    public async Task A_value_that_was_there_before_the_failure_changes_nothing()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        Annotate(world, "first");
        await world.UntilReadyAsync("web");
        world.Fail(AcmeEndpoint.NewOrder, AcmeFault.Rejected("other.example.com"), AcmeFaults.Always);
        world.World.Apply(Samples.Certificate("web", issuer: "acme").Replace("web.example.com", "other.example.com", StringComparison.Ordinal));
        await world.UntilAsync("it failed", () => HasFailedAsync(world, 1));
        await world.World.SettleAsync();

        Assert.True(await HasFailedAsync(world, 1));
        Assert.Equal(2, world.Asked(AcmeEndpoint.NewOrder));
    }

    [Fact]
    public async Task What_the_ca_asked_to_wait_for_is_waited_for_all_the_same()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.Fail(AcmeEndpoint.NewOrder, AcmeFault.RateLimited("7200"));
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("it failed", () => HasFailedAsync(world, 1));
        Annotate(world, "first");
        await world.World.SettleAsync();

        Assert.Equal(1, world.Asked(AcmeEndpoint.NewOrder));
    }

    private static void Annotate(AcmeWorld world, string value)
        => world.World.Cluster.Patch(Certificate.Type, new ObjectKey("shop", "web"), new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Annotations.RetryNow] = value } },
        });

    private static async Task RestartAsync(AcmeWorld world)
    {
        await world.World.StopAsync();
        await world.World.SettleAsync();
    }

    private static async Task<bool> HasFailedAsync(AcmeWorld world, int times) => (await world.StatusAsync("web")).FailedIssuanceAttempts == times;
}
