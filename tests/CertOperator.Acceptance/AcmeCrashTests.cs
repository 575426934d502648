using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Cluster;

namespace CertOperator.Acceptance;

/// <summary>
/// kill -9 at each single write and each single request of an ACME issuance, on the real API server, with a real name server or a real nginx,
/// and a CA that asks it. Each operator first finishes what the one before it left, and is killed in its turn.
/// </summary>
[Collection(OperatorTestGroup.Name)]
public sealed class AcmeCrashTests(OperatorFixture fixture)
{
    private const int FewestCuts = 10;

    private static readonly AcmeEndpoint[] Endpoints = Enum.GetValues<AcmeEndpoint>();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_write_and_started_again_there_is_one_certificate(bool stored)
    {
        await using AcmeCrashWay way = await MissingPart.SkipsAsync(AcmeCrashWay.ByDnsAsync);
        int cuts = await KillAtEachAsync(
            way, (world, number) => world.Proxy.SilenceAt(new ApiCut(world.Namespace, null, stored) { Number = number }), stored ? "is stored" : "arrives", isNewOrder: () => false);
        Assert.True(cuts >= FewestCuts, $"There were only {cuts} writes.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_when_the_solver_Ingress_comes_or_goes_and_started_again_there_is_one_certificate_and_no_Ingress(bool stored)
    {
        OperatorInstallation installation = await fixture.GetAsync();
        await using AcmeCrashWay way = await MissingPart.SkipsAsync(() => AcmeCrashWay.ByHttpAsync(installation));
        int cuts = await KillAtEachAsync(
            way, (world, number) => world.Proxy.SilenceAt(new ApiCut(OperatorInstallation.Namespace, "ingresses", stored) { Number = number }), stored ? "is stored" : "arrives", isNewOrder: () => false);
        Assert.Equal(2, cuts);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_any_request_and_started_again_there_is_one_certificate(bool processed)
    {
        AcmeEndpoint? hit = null;
        await using AcmeCrashWay way = await MissingPart.SkipsAsync(AcmeCrashWay.ByDnsAsync);
        int cuts = await KillAtEachAsync(way, SilenceAt, processed ? "is processed" : "arrives", isNewOrder: () => hit is AcmeEndpoint.NewOrder);
        Assert.True(cuts >= FewestCuts, $"There were only {cuts} requests.");

        Task SilenceAt(AcmeCrashWorld world, int number)
        {
            var happened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            hit = null;
            foreach (AcmeEndpoint endpoint in Endpoints)
            {
                bool IsHere()
                {
                    if (Interlocked.Decrement(ref number) > 0)
                        return false;
                    hit ??= endpoint;
                    happened.TrySetResult();
                    return true;
                }

                // From that request on nothing is answered, until the operator is dead.
                world.Server.Faults.Add(
                    endpoint,
                    processed
                        ? AcmeFault.Change(reply => IsHere() ? reply with { Delivery = ReplyDelivery.Never } : reply)
                        : AcmeFault.Instead(() => IsHere() ? new AcmeReply(500) { Delivery = ReplyDelivery.Never } : null),
                    AcmeFaults.Always);
            }

            return happened.Task;
        }
    }

    /// <summary>Kills an operator at the first moment of its kind, the next one at the second, and so on; the last one is not killed.</summary>
    /// <param name="way">How the name is validated.</param>
    /// <param name="silenceAt">Has nothing answered any more from a moment on; ends when it has come.</param>
    /// <param name="when">For messages.</param>
    /// <param name="isNewOrder">Whether the moment was such that the order may be lost.</param>
    private async Task<int> KillAtEachAsync(AcmeCrashWay way, Func<AcmeCrashWorld, int, Task> silenceAt, string when, Func<bool> isNewOrder)
    {
        OperatorInstallation installation = await fixture.GetAsync();
        ApiProxy proxy = await ApiProxy.StartAsync(installation.Cluster);
        OperatorProcess running = await way.StartOperatorAsync(installation, proxy);
        try
        {
            for (int number = 1; ; number++)
            {
                await using AcmeCrashWorld world = await AcmeCrashWorld.StartAsync(installation, way, proxy);
                Task happened = silenceAt(world, number);
                await world.BeginAsync();
                await world.UntilAsync($"it is killed or done, when write or request {number} {when}", async () => happened.IsCompleted || (await world.IsTidyAsync() && proxy.IsIdle));
                bool wasCut = happened.IsCompleted;
                await running.KillAsync();
                bool isOrderLost = isNewOrder() || await world.IsOrderLostAsync();
                world.Server.Faults.Clear();
                (ApiProxy former, OperatorProcess killed) = (proxy, running);
                proxy = await ApiProxy.StartAsync(installation.Cluster);
                running = await way.StartOperatorAsync(installation, proxy);
                await killed.DisposeAsync();
                await former.DisposeAsync();

                await world.AssertOneCertificateAsync($"a kill when write or request {number} {when}", isOrderLost);
                await world.EndAsync();
                if (!wasCut)
                    return number - 1;
            }
        }
        finally
        {
            await running.DisposeAsync();
            await proxy.DisposeAsync();
        }
    }
}
