using CertOperator.Api;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers.Served;

/// <summary>The whole operator, and an ingress controller that takes up Secrets or does not.</summary>
public sealed class ServedTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(4), Hour = TimeSpan.FromHours(1), Grace = new ServedOptions().Grace;

    [Fact]
    public async Task What_was_taken_up_is_True_for_one_write_and_stays_so_for_none()
    {
        await using ServedWorld world = await ServedWorld.StartAsync();
        await world.AddAsync("web");
        Assert.Equal(ServedReasons.Pending, await world.ReasonAsync("web"));
        await world.TakeUpAsync("web");
        world.World.Cluster.Requests.Clear();
        await world.PassAsync(Soon);

        Assert.Equal(ServedReasons.Served, await world.ReasonAsync("web"));
        Assert.Equal("The certificate in Secret shop/web, serial " + (await world.World.CertificateAsync("web")).Status!.SerialNumber + ", is served for web.example.com.", (await world.ServedAsync("web"))!.Message);
        Assert.Equal("web.example.com", Assert.Single(world.Server.Asked).Name);
        Assert.Equal(new Dictionary<string, int> { ["patch certificates/status"] = 1 }, world.Writes());

        world.World.Cluster.Requests.Clear();
        await world.PassAsync(24 * Hour, TimeSpan.FromMinutes(10));
        Assert.InRange(world.Server.Asked.Count, 24, 26);
        Assert.Empty(world.Writes());
        Assert.Equal(["Issued"], world.World.EventReasons("Certificate", "web"));
    }

    [Fact]
    public async Task A_rotation_that_is_not_taken_up_is_told_after_the_grace_and_once_and_mended()
    {
        await using ServedWorld world = await ServedWorld.StartAsync();
        await world.AddAsync("web");
        await world.TakeUpAsync("web");
        await world.PassAsync(Soon);
        string former = (await world.World.CertificateAsync("web")).Status!.SerialNumber!;
        int asked = world.Server.Asked.Count;

        await world.RotateAsync("web");
        Assert.Equal((ConditionTypes.Unknown, ServedReasons.Pending), ((await world.ServedAsync("web"))!.Status, await world.ReasonAsync("web")));
        await world.PassAsync(Grace - TimeSpan.FromSeconds(20));
        Assert.Equal(ServedReasons.Pending, await world.ReasonAsync("web"));
        await world.PassAsync(TimeSpan.FromSeconds(40));
        CertificateStatus status = (await world.World.CertificateAsync("web")).Status!;
        Condition served = (await world.ServedAsync("web"))!;
        Assert.Equal((ConditionTypes.False, ServedReasons.OtherCertificate), (served.Status, served.Reason));
        Assert.StartsWith($"127.0.0.1, the address of Ingress web, serves for web.example.com the certificate with serial {former} (", served.Message, StringComparison.Ordinal);
        Assert.Contains($"while Secret shop/web holds the one with serial {status.SerialNumber}. It is an earlier one for the same names", served.Message, StringComparison.Ordinal);
        Assert.Equal(ConditionTypes.True, (await world.World.ReadyAsync("web")).Status);
        Assert.InRange(world.Server.Asked.Count - asked, 8, 20);

        world.World.Cluster.Requests.Clear();
        await world.PassAsync(3 * Hour, TimeSpan.FromMinutes(5));
        Assert.Empty(world.Writes());
        Assert.Equal(served.Message, Assert.Single(world.World.Events("Certificate", "web"), told => told.Reason == ServedReasons.OtherCertificate).Message);
        Assert.Equal(["ServedMismatch"], world.World.AuditCodes("web").Where(code => code == "ServedMismatch"));
        Assert.Single(world.World.EventReasons("Ingress", "web"), reason => reason == "ServedMismatch");

        await world.TakeUpAsync("web");
        await world.PassAsync(TimeSpan.FromMinutes(16));
        Assert.Equal(ServedReasons.Served, await world.ReasonAsync("web"));
        Assert.Single(world.World.EventReasons("Certificate", "web"), reason => reason == ServedReasons.Served);
        Assert.DoesNotContain("ServedMismatch", world.World.AuditCodes("web"));
    }

    [Fact]
    public async Task A_mismatch_outlasts_a_rotation_that_does_not_mend_it()
    {
        await using ServedWorld world = await MismatchAsync();
        await world.RotateAsync("web");
        Assert.Equal(ServedReasons.OtherCertificate, await world.ReasonAsync("web"));
        await world.PassAsync(2 * Grace);
        CertificateStatus status = (await world.World.CertificateAsync("web")).Status!;
        Assert.Contains(status.SerialNumber!, (await world.ServedAsync("web"))!.Message, StringComparison.Ordinal);
        Assert.Single(world.World.EventReasons("Certificate", "web"), reason => reason == ServedReasons.OtherCertificate);
    }

    [Fact]
    public async Task One_that_stops_serving_what_it_served_has_the_grace_too()
    {
        await using ServedWorld world = await ServedWorld.StartAsync();
        await world.AddAsync("web");
        await world.AddAsync("other", tls: "{hosts: [other.example.com], secretName: other}");
        await world.TakeUpAsync("web");
        await world.TakeUpAsync("other");
        await world.PassAsync(Soon);
        await world.TakeUpAsync("other", "web.example.com");
        await world.PassAsync(Hour + TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        await world.PassAsync(Grace, TimeSpan.FromSeconds(30));
        Assert.Equal(ServedReasons.OtherCertificate, await world.ReasonAsync("web"));
        Assert.Contains("It is that of Secret shop/other: another Ingress has this host", (await world.ServedAsync("web"))!.Message, StringComparison.Ordinal);
        Assert.Equal(ServedReasons.Served, await world.ReasonAsync("other"));
    }

    [Fact]
    public async Task A_restart_neither_forgets_nor_repeats()
    {
        await using ServedWorld world = await MismatchAsync();
        await world.AddAsync("good");
        await world.TakeUpAsync("good");
        await world.PassAsync(Soon);
        Assert.Equal(ServedReasons.Served, await world.ReasonAsync("good"));
        await world.World.StopAsync();
        int asked = world.Server.Asked.Count;
        world.World.Cluster.Requests.Clear();
        for (int restart = 0; restart < 3; restart++)
        {
            await world.World.SettleAsync();
            await world.PassAsync(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5));
            await world.World.StopAsync();
        }

        await world.World.SettleAsync();
        Assert.Equal((ServedReasons.OtherCertificate, ServedReasons.Served), (await world.ReasonAsync("web"), await world.ReasonAsync("good")));
        Assert.Empty(world.Writes());
        string[] names = [.. world.Server.Asked.Skip(asked).Select(each => each.Name)];
        Assert.InRange(names.Count(name => name == "web.example.com"), 3, 9);
        Assert.InRange(names.Count(name => name == "good.example.com"), 0, 1);

        await world.TakeUpAsync("web");
        await world.PassAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));
        Assert.Equal(ServedReasons.Served, await world.ReasonAsync("web"));
    }

    [Fact]
    public async Task Without_the_option_nobody_is_asked_and_what_was_told_is_taken_back()
    {
        await using ServedWorld world = await MismatchAsync();
        await world.World.StopAsync();
        int asked = world.Server.Asked.Count;
        await using var off = new World(new OperatorOptions(), world.Time, cluster: world.World.Cluster);
        await off.SettleAsync();
        Assert.Null(await world.ServedAsync("web"));
        Assert.DoesNotContain("ServedMismatch", off.AuditCodes("web"));
        world.Time.Advance(2 * Hour);
        await off.SettleAsync();
        Assert.Equal(asked, world.Server.Asked.Count);
    }

    [Fact]
    public async Task A_replica_that_stands_by_asks_nobody()
    {
        await using ServedWorld world = await ServedWorld.StartAsync();
        await world.World.StopAsync();
        await using var leader = new World(new OperatorOptions { Served = world.Options, LeaseIdentity = "a" }, world.Time, cluster: world.World.Cluster);
        await leader.SettleAsync();
        await using var standby = new World(new OperatorOptions { Served = world.Options, LeaseIdentity = "b" }, world.Time, cluster: world.World.Cluster);
        await standby.StartAsync();
        leader.Apply(Samples.Ingress("web", "{hosts: [web.example.com], secretName: web}"));
        world.Address("web", "127.0.0.1");
        await leader.SettleAsync();
        await world.TakeUpAsync("web");
        for (int second = 0; second < 10; second++)
        {
            world.Time.Advance(TimeSpan.FromSeconds(1));
            await leader.SettleAsync();
        }

        Assert.True(leader.Operator.Manager.IsLeader);
        Assert.False(standby.Operator.Manager.IsLeader);
        Assert.Equal(ServedReasons.Served, await world.ReasonAsync("web"));
        Assert.Single(world.Server.Asked);
    }

    [Fact]
    public async Task Where_no_Ingress_serves_a_certificate_there_is_no_condition_and_where_nobody_can_be_asked_it_is_Unknown()
    {
        await using ServedWorld world = await ServedWorld.StartAsync();
        world.World.Apply(Samples.Certificate("alone"));
        await world.AddAsync("none", address: "");
        await world.AddAsync("through", annotations: "certoperator.io/issuer: ca, nginx.ingress.kubernetes.io/ssl-passthrough: 'true'");
        await world.PassAsync(Soon);
        Assert.Null(await world.ServedAsync("alone"));
        Assert.Equal(ServedReasons.NoAddress, await world.ReasonAsync("none"));
        Assert.Equal(ServedReasons.Passthrough, await world.ReasonAsync("through"));
        Assert.Empty(world.Server.Asked);

        await world.TakeUpAsync("none");
        world.Address("none", "127.0.0.1");
        await world.World.SettleAsync();
        Assert.Equal(ServedReasons.Pending, await world.ReasonAsync("none"));
        await world.PassAsync(Soon);
        Assert.Equal(ServedReasons.Served, await world.ReasonAsync("none"));

        world.World.Cluster.Delete(Ingress.Type, new ObjectKey("shop", "none"));
        world.World.Apply(Samples.Certificate("none"));
        await world.PassAsync(Soon);
        Assert.Null(await world.ServedAsync("none"));
    }

    [Fact]
    public async Task Many_behind_one_address_come_one_after_the_other()
    {
        string[] names = [.. Enumerable.Range(0, 40).Select(number => $"w{number}")];
        // Each has its own moment in every interval, which of an hour's may come right after the first look.
        await using ServedWorld world = await ServedWorld.StartAsync(options => options with { Interval = TimeSpan.FromDays(10 * 365) });
        foreach (string name in names)
            world.World.Apply(Samples.Ingress(name, $"{{hosts: [{name}.example.com], secretName: {name}}}"));
        foreach (string name in names)
            world.Address(name, ServedWorld.Name);
        await world.World.SettleAsync();
        foreach (string name in names)
            await world.TakeUpAsync(name);
        await world.PassAsync(TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(200));

        Assert.All(await Task.WhenAll(names.Select(world.ReasonAsync)), reason => Assert.Equal(ServedReasons.Served, reason));
        Assert.Equal(1, world.Server.MostAtOnce);
        Assert.Equal(names.Length, world.Server.Asked.Count);
        Assert.All(world.Server.Asked.CountBy(each => each.At), moment => Assert.Equal(1, moment.Value));
        // Those that come at the same time in the beginning do not wait for each other.
        Assert.InRange(world.LookedUp.Count, 1, world.Options.MostAtOnce);
    }

    /// <summary>A Certificate that was rotated, and whose former certificate is served.</summary>
    private static async Task<ServedWorld> MismatchAsync()
    {
        ServedWorld world = await ServedWorld.StartAsync();
        await world.AddAsync("web");
        await world.TakeUpAsync("web");
        await world.PassAsync(Soon);
        await world.RotateAsync("web");
        await world.PassAsync(Grace + TimeSpan.FromMinutes(1));
        Assert.Equal(ServedReasons.OtherCertificate, await world.ReasonAsync("web"));
        return world;
    }
}
