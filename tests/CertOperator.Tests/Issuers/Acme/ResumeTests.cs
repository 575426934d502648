using CertOperator.Api;
using CertOperator.Controllers;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Issuers.Acme;

/// <summary>
/// The process dies, or an answer is lost, at one point of an issuance after the other, and the next process goes on. There is never a
/// second certificate or account, and a second order only if the address of the first one was lost before it could be stored.
/// </summary>
public class ResumeTests
{
    private const int FewestCuts = 6;
    private const int MostCuts = 60;

    private static readonly AcmeEndpoint[] Endpoints = Enum.GetValues<AcmeEndpoint>();

    public static TheoryData<string, Cut> Cuts()
    {
        var cuts = new TheoryData<string, Cut>();
        foreach (string type in (string[])[ValidationWay.Http, ValidationWay.Dns])
        {
            foreach (Cut cut in Enum.GetValues<Cut>())
                cuts.Add(type, cut);
        }

        // But for the record's name as dns-01.
        cuts.Add(ValidationWay.DnsAccount, Cut.AfterStored);

        return cuts;
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_cut_at_any_write_costs_no_second_certificate(string type, Cut cut)
    {
        await using ValidationWay way = await ValidationWay.StartAsync(type);
        int write = 1;
        while (await IsCutAtWriteAsync(way, write, cut))
            Assert.InRange(++write, 1, MostCuts);
        Assert.True(write > FewestCuts, "There were fewer cuts than writes.");
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_cut_at_any_request_costs_no_second_certificate(string type, Cut cut)
    {
        await using ValidationWay way = await ValidationWay.StartAsync(type);
        int request = 1;
        while (await IsCutAtRequestAsync(way, request, cut))
            Assert.InRange(++request, 1, MostCuts);
        Assert.True(request > FewestCuts, "There were fewer cuts than requests.");
    }

    [Fact]
    public async Task Of_two_replicas_the_second_finishes_what_the_first_began()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(isReady: false, replica: "first");
        var line = new CutClient(world.World.Client, 0, Cut.AfterStored, world.World.Cut);
        world.World.OperatorClient = line;
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        world.Fail(AcmeEndpoint.Finalize, AcmeFault.Change(reply =>
        {
            line.Die();
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
                return line.IsDead && await IsDoneAsync(world);
            },
            TimeSpan.FromMinutes(1));
        await stop.CancelAsync();
        await running;

        Assert.Single(world.Server.Issued);
        Assert.Equal(1, world.Asked(AcmeEndpoint.NewOrder));
        Assert.Single(world.Server.Accounts);
        await world.AssertTidyAsync("web");
    }

    private static async Task<bool> IsCutAtWriteAsync(ValidationWay way, int write, Cut cut)
    {
        await using AcmeWorld world = await way.StartWorldAsync();
        var line = new CutClient(world.World.Client, write, cut, world.World.Cut);
        await RunAsync(world, way, line);
        await GoOnAsync(world, way, $"a cut {cut} at write {write}", mayOrderTwice: await IsOrderLostAsync(world));
        return line.Happened.IsCompleted;
    }

    private static async Task<bool> IsCutAtRequestAsync(ValidationWay way, int request, Cut cut)
    {
        await using AcmeWorld world = await way.StartWorldAsync();
        var line = new CutClient(world.World.Client, 0, cut, world.World.Cut);
        AcmeEndpoint? hit = null;
        int left = request;
        foreach (AcmeEndpoint endpoint in Endpoints)
        {
            bool IsHere()
            {
                if (Interlocked.Decrement(ref left) != 0)
                    return false;
                hit = endpoint;
                if (cut is not Cut.AnswerOnly)
                    line.Die();
                return true;
            }

            world.Fail(
                endpoint,
                cut is Cut.BeforeStored
                    ? AcmeFault.Instead(() => IsHere() ? new AcmeReply(500) { Delivery = ReplyDelivery.Lost } : null)
                    : AcmeFault.Change(reply => IsHere() ? reply with { Delivery = ReplyDelivery.Lost } : reply),
                AcmeFaults.Always);
        }

        await RunAsync(world, way, line);
        await GoOnAsync(world, way, $"a cut {cut} at request {request} ({hit})", mayOrderTwice: hit is AcmeEndpoint.NewOrder || await IsOrderLostAsync(world));
        return hit is not null;
    }

    /// <summary>Runs until the process is dead or done, and ends it.</summary>
    private static async Task RunAsync(AcmeWorld world, ValidationWay way, CutClient line)
    {
        world.World.OperatorClient = line;
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.World.StartAsync();
        await world.UntilAsync("it is cut or done", async () => line.IsDead || await IsTidyAsync(world, way), () => line.IsDead);
        await world.World.StopAsync();
        world.Server.Faults.Clear();
        world.World.OperatorClient = null;
    }

    private static async Task GoOnAsync(AcmeWorld world, ValidationWay way, string cut, bool mayOrderTwice)
    {
        await world.UntilAsync($"it is done after {cut}", () => IsTidyAsync(world, way));
        int certificates = world.Server.Issued.Count;
        Assert.True(certificates == 1, $"After {cut} there are {certificates} certificates.");
        int orders = world.Asked(AcmeEndpoint.NewOrder);
        Assert.True(orders <= (mayOrderTwice ? 2 : 1), $"After {cut} there are {orders} orders.");
        Assert.True(world.Server.Accounts.Count == 1, $"After {cut} there are {world.Server.Accounts.Count} accounts.");
        await world.AssertTidyAsync("web");

        Secret secret = await world.World.SecretAsync("web");
        Assert.Equal(world.Server.Issued[0].RawData, Pem.ReadCertificates(secret.Data![SecretEntries.Certificate])[0].Der.ToArray());
        using PrivateKey key = PrivateKey.ReadPem(secret.Data[SecretEntries.PrivateKey]);
        Assert.Equal(world.Server.Issued[0].PublicKey.ExportSubjectPublicKeyInfo(), key.PublicKeyInfo.ToArray());
        Assert.True((await world.StatusAsync("web")).Revision == 1, $"After {cut} the Certificate does not tell of one issuance.");
    }

    /// <summary>The CA was asked for an order, and nothing here knows of one.</summary>
    private static async Task<bool> IsOrderLostAsync(AcmeWorld world)
        => world.Asked(AcmeEndpoint.NewOrder) > 0 && (await world.StatusAsync("web")).Issuance is null && !await world.IsReadyAsync("web");

    private static async Task<bool> IsTidyAsync(AcmeWorld world, ValidationWay way) => await IsDoneAsync(world) && (await way.LeftAsync(world)).Count == 0;

    private static async Task<bool> IsDoneAsync(AcmeWorld world)
        => await world.World.CertificateAsync("web") is { Metadata.Finalizers: null or [], Status: { Issuance: null } status }
            && Conditions.IsTrue(status.Conditions, ConditionTypes.Ready)
            && (await world.IssuerReadyAsync())?.Status == ConditionTypes.True;
}
