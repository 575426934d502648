using CertOperator.Controllers;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Issuers.Acme;

/// <summary>The process dies at one point of an issuance after the other: the next one goes on.</summary>
public class ResumeTests
{
    private static readonly AcmeEndpoint[] Endpoints = Enum.GetValues<AcmeEndpoint>();

    [Fact]
    public async Task A_cut_after_any_write_costs_no_second_order()
    {
        for (int writes = 1; ; writes++)
        {
            await using AcmeWorld world = await AcmeWorld.StartAsync(isReady: false);
            var client = new CutClient(world.World.Client, writes, world.World.Cut);
            world.World.OperatorClient = client;
            world.World.Apply(Samples.Certificate("web", issuer: "acme"));
            bool wasCut = await RunAsync(world, client);
            await GoOnAsync(world, $"{writes} writes");
            if (!wasCut)
            {
                Assert.True(writes > 6, "There were fewer cuts than writes.");
                return;
            }
        }
    }

    [Fact]
    public async Task A_cut_after_any_request_costs_no_second_certificate()
    {
        int cuts = 0;
        for (int requests = 1; ; requests++)
        {
            await using AcmeWorld world = await AcmeWorld.StartAsync(isReady: false);
            var client = new CutClient(world.World.Client, int.MaxValue, world.World.Cut);
            world.World.OperatorClient = client;
            int left = requests;
            foreach (AcmeEndpoint endpoint in Endpoints)
            {
                world.Fail(endpoint, AcmeFault.Change(reply =>
                {
                    if (Interlocked.Decrement(ref left) != 0)
                        return reply;
                    client.Die();
                    return reply with { Delivery = ReplyDelivery.Lost };
                }), AcmeFaults.Always);
            }

            world.World.Apply(Samples.Certificate("web", issuer: "acme"));
            bool wasCut = await RunAsync(world, client);
            bool isOrderLost = wasCut && world.Asked(AcmeEndpoint.NewOrder) > 0 && (await world.StatusAsync("web")).Issuance is null && !await world.IsReadyAsync("web");
            await GoOnAsync(world, $"{requests} requests", isOrderLost ? 2 : 1);
            if (!wasCut)
                break;
            cuts++;
        }

        Assert.True(cuts >= 10, $"There were only {cuts} requests.");
    }

    [Fact]
    public async Task Of_two_replicas_the_second_finishes_what_the_first_began()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(isReady: false, replica: "first");
        var client = new CutClient(world.World.Client, int.MaxValue, world.World.Cut);
        world.World.OperatorClient = client;
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        world.Fail(AcmeEndpoint.Finalize, AcmeFault.Change(reply =>
        {
            client.Die();
            return reply with { Delivery = ReplyDelivery.Lost };
        }));
        await world.World.StartAsync();
        await Eventually.HoldsAsync("the first one has begun", () => Task.FromResult(world.Asked(AcmeEndpoint.NewOrder) == 1));

        await using Operator second = await Operator.CreateAsync(
            world.World.Client, world.Options with { LeaseIdentity = "second" }, world.Time, NullLoggerFactory.Instance, CancellationToken.None);
        using var stop = new CancellationTokenSource();
        Task running = second.Manager.RunAsync(stop.Token);
        await Eventually.HoldsAsync(
            "the second one has finished",
            async () =>
            {
                world.Time.Advance(TimeSpan.FromMilliseconds(50));
                return client.IsDead && await IsDoneAsync(world);
            },
            TimeSpan.FromMinutes(1));
        await stop.CancelAsync();
        await running;

        Assert.Single(world.Server.Issued);
        Assert.Equal(1, world.Asked(AcmeEndpoint.NewOrder));
        Assert.Single(world.Server.Accounts);
        await world.AssertTidyAsync("web");
    }

    /// <summary>Runs until it is cut or done.</summary>
    private static async Task<bool> RunAsync(AcmeWorld world, CutClient client)
    {
        await world.World.StartAsync();
        await world.UntilAsync("cut or ready", async () => client.IsDead || await IsDoneAsync(world), () => client.IsDead);
        await world.World.StopAsync();
        world.Server.Faults.Clear();
        world.World.OperatorClient = world.World.Client;
        return client.IsDead;
    }

    private static async Task GoOnAsync(AcmeWorld world, string cut, int mostOrders = 1)
    {
        await world.UntilAsync($"it is done after a cut after {cut}", () => IsDoneAsync(world));
        Assert.True(world.Server.Issued.Count == 1, $"After a cut after {cut} there are {world.Server.Issued.Count} certificates.");
        Assert.True(world.Asked(AcmeEndpoint.NewOrder) <= mostOrders, $"After a cut after {cut} there are {world.Asked(AcmeEndpoint.NewOrder)} orders.");
        Assert.Single(world.Server.Accounts);
        await world.AssertTidyAsync("web");
    }

    private static async Task<bool> IsDoneAsync(AcmeWorld world)
        => await world.IsReadyAsync("web") && (await world.StatusAsync("web")).Issuance is null && (await world.IssuerReadyAsync())?.Status == "True";
}
