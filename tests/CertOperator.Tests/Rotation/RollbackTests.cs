using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Controllers;
using CertOperator.Controllers.BadInput;
using CertOperator.Pki.Formats;
using CertOperator.Runtime.Client;
using CertOperator.Testing.Processes;

namespace CertOperator.Rotation;

/// <summary>A former key pair is put back on request, if it is good for anything, and stays.</summary>
public class RollbackTests
{
    private const string History = "history: 2";

    internal static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ObjectKey Web = new("shop", "web");

    private readonly FakeTimeProvider _time = new(Start);

    public static TheoryData<int, Cut> Cuts => [.. from write in Enumerable.Range(1, 4) from cut in Enum.GetValues<Cut>() select (write, cut)];

    [Fact]
    public async Task The_former_key_pair_is_put_back_and_nothing_is_issued_over_it()
    {
        await using World world = await RenewedAsync(_time);
        Secret former = await world.SecretAsync("web-history");
        world.Cluster.Requests.Clear();
        await AskAsync(world, "1");

        Secret stored = await world.SecretAsync("web");
        Assert.Equal(former.Data!["1.tls.key"], stored.Data!["tls.key"]);
        Assert.Equal(former.Data["1.tls.crt"], stored.Data["tls.crt"]);
        Assert.Equal("1", stored.Metadata.Annotations![Labels.Revision]);
        CertificateStatus status = await StatusAsync(world);
        Assert.Equal((2, true, "The Secret shop/web carries revision 1 again."), (status.Revision, status.Rollback!.Done, status.Rollback.Message));
        Assert.Equal(Serial(stored), status.SerialNumber);
        Assert.Equal(2, Assert.Single(status.History!).Revision);
        Assert.Equal("True", (await world.ReadyAsync("web")).Status);
        Assert.Contains("RolledBack", world.EventReasons("Certificate", "web"));
        Assert.Equal(2, world.Cluster.Requests.Counts.Where(entry => entry.Key is { Verb: "patch", Resource: "secrets" }).Sum(entry => entry.Value));

        await world.StopAsync();
        await world.SettleAsync();
        Assert.Equal(Serial(stored), Serial(await world.SecretAsync("web")));
    }

    [Fact]
    public async Task It_was_due_when_it_was_replaced_and_is_renewed_when_half_of_what_was_left_has_passed()
    {
        await using World world = await RenewedAsync(_time);
        DateTimeOffset back = _time.GetUtcNow();
        await AskAsync(world, "1");

        CertificateStatus status = await StatusAsync(world);
        DateTimeOffset half = back + ((status.NotAfter!.Value - back) / 2);
        Assert.InRange(status.RenewalTime!.Value, half.AddSeconds(-2), half.AddSeconds(2));
        await PassAsync(world, status.RenewalTime.Value - TimeSpan.FromMinutes(1) - _time.GetUtcNow());
        Assert.Equal(2, (await StatusAsync(world)).Revision);

        await PassAsync(world, TimeSpan.FromMinutes(2));
        await UntilAsync(world, async () => (await StatusAsync(world)).Revision == 3);
        Assert.Equal("3", (await world.SecretAsync("web")).Metadata.Annotations![Labels.Revision]);
        Assert.False((await world.SecretAsync("web")).Metadata.Annotations!.ContainsKey(Labels.RolledBack));
        Assert.Equal([1, 2], (await StatusAsync(world)).History!.Select(pair => pair.Revision));
    }

    [Fact]
    public async Task Forward_again_is_a_rollback_to_the_later_one()
    {
        await using World world = await RenewedAsync(_time);
        string later = Serial(await world.SecretAsync("web"));
        await AskAsync(world, "1");
        await AskAsync(world, "2");

        Assert.Equal(later, Serial(await world.SecretAsync("web")));
        Assert.Equal([1], (await StatusAsync(world)).History!.Select(pair => pair.Revision));
    }

    [Fact]
    public async Task Each_value_is_one_request_and_a_restart_is_none()
    {
        await using World world = await RenewedAsync(_time);
        await AskAsync(world, "1 first");
        await AskAsync(world, "2 second");
        await world.StopAsync();
        await world.SettleAsync();
        Assert.Equal(2, await InPlaceAsync(world));

        await AskAsync(world, "1 third");
        Assert.Equal(1, await InPlaceAsync(world));
    }

    [Theory]
    [InlineData("7", "does not hold revision 7, but 1")]
    [InlineData("latest", "does not begin with the number of a revision")]
    [InlineData("-1", "does not begin with the number of a revision")]
    public async Task What_is_not_kept_is_refused_in_one_sentence(string request, string sentence)
    {
        await using World world = await RenewedAsync(_time);
        await RefusedAsync(world, request, sentence);
    }

    [Fact]
    public async Task A_former_certificate_that_expired_is_refused()
    {
        await using World world = await RenewedAsync(_time);
        await PassAsync(world, Start.AddDays(90) + TimeSpan.FromHours(1) - _time.GetUtcNow());
        await RefusedAsync(world, "1", "The certificate in Secret shop/web-history (revision 1) expired at 2030-04-01");
    }

    [Fact]
    public async Task One_that_does_not_satisfy_the_present_spec_is_refused()
    {
        await using World world = await RenewedAsync(_time);
        world.Apply(Samples.Certificate("web", History).Replace("[web.example.com]", "[web.example.com, www.example.com]", StringComparison.Ordinal));
        await world.SettleAsync();
        await RefusedAsync(world, "1", "is for web.example.com, not for web.example.com, www.example.com");
    }

    [Fact]
    public async Task One_of_a_ca_that_was_replaced_is_refused()
    {
        await using World world = await RenewedAsync(_time);
        world.Cluster.Delete(Secret.Type, new ObjectKey("shop", "ca-key"));
        world.Cluster.Apply(CaSecrets.Good(duration: TimeSpan.FromDays(3650), now: _time.GetUtcNow()));
        await world.SettleAsync();
        await RefusedAsync(world, "1", "was not signed by the present CA");
    }

    [Fact]
    public async Task One_that_was_tampered_with_is_refused()
    {
        await using World world = await RenewedAsync(_time);
        byte[] other = (await world.SecretAsync("web")).Data!["tls.key"];
        world.Cluster.Patch(Secret.Type, new ObjectKey("shop", "web-history"), new JsonObject { ["data"] = new JsonObject { ["1.tls.key"] = Convert.ToBase64String(other) } });
        await RefusedAsync(world, "1", "was edited by somebody else");
    }

    [Fact]
    public async Task Without_history_there_is_nothing_to_put_back()
    {
        await using World world = await WorldAsync(_time, "");
        await RefusedAsync(world, "7", "The spec has no history");
    }

    [Fact]
    public async Task A_refusal_changes_nothing_of_a_wait_after_a_failure()
    {
        await using World world = await RenewedAsync(_time);
        world.Cluster.Delete(Issuer.Type, new ObjectKey("shop", "ca"));
        await world.SettleAsync();
        await PassAsync(world, (await StatusAsync(world)).RenewalTime!.Value + TimeSpan.FromHours(1) - _time.GetUtcNow());
        CertificateStatus before = await StatusAsync(world);
        await AskAsync(world, "9");

        CertificateStatus after = await StatusAsync(world);
        Assert.Equal((before.FailedIssuanceAttempts, before.NextAttemptTime, before.LastFailure), (after.FailedIssuanceAttempts, after.NextAttemptTime, after.LastFailure));
        Assert.False(after.Rollback!.Done);
    }

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_cut_at_any_write_ends_with_the_former_pair_in_place_and_none_lost(int write, Cut cut)
    {
        await using World world = await RenewedAsync(_time, "history: 1");
        IReadOnlyDictionary<string, byte[]> former = (await world.SecretAsync("web-history")).Data!, later = (await world.SecretAsync("web")).Data!;
        await world.StopAsync();
        var line = new CutClient(world.Client, write, cut);
        world.OperatorClient = line;
        Annotate(world, "1");
        await world.StartAsync();
        await line.Happened.WaitAsync(TimeSpan.FromSeconds(60));
        if (cut is not Cut.AnswerOnly)
        {
            await world.StopAsync();
            world.OperatorClient = null;
        }

        await world.StartAsync();
        await Eventually.HoldsAsync("it is told", async () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            return (await StatusAsync(world)).Rollback?.Done == true;
        });
        await world.SettleAsync();

        Assert.Equal(former["1.tls.key"], (await world.SecretAsync("web")).Data!["tls.key"]);
        Assert.Equal(later["tls.key"], (await world.SecretAsync("web-history")).Data!["2.tls.key"]);
        CertificateStatus status = await StatusAsync(world);
        Assert.Equal((2, Serial(await world.SecretAsync("web"))), (status.Revision, status.SerialNumber));
        Assert.Equal([2], status.History!.Select(pair => pair.Revision));
    }

    [Theory]
    [InlineData(60, 75)]
    [InlineData(10, 60)]
    [InlineData(88, 89)]
    [InlineData(-1, 60)]
    [InlineData(90, 60)]
    public void The_renewal_follows_the_certificates_dates_but_for_half_of_what_was_left(int rolledBackDay, int renewalDay)
    {
        var spec = new CertificateSpec { SecretName = "web", IssuerRef = new IssuerRef { Name = "ca" }, DnsNames = ["web.example.com"], RenewBefore = "720h" };
        RenewalRange at = RenewalPolicy.RangeOf(
            DesiredCertificate.From(spec, out _)!, Start, Start.AddDays(90), "uid", Start.AddDays(61), rolledBack: Start.AddDays(rolledBackDay));
        Assert.Equal(RenewalRange.Exactly(Start.AddDays(renewalDay)), at);
    }

    [Fact]
    public void A_ca_that_wants_it_replaced_urgently_is_heard_all_the_same()
    {
        var spec = new CertificateSpec { SecretName = "web", IssuerRef = new IssuerRef { Name = "ca" }, DnsNames = ["web.example.com"] };
        var advice = new RenewalAdvice(Start.AddDays(5), Start.AddDays(6));
        Assert.Equal(RenewalRange.Exactly(Start.AddDays(5)), RenewalPolicy.RangeOf(
            DesiredCertificate.From(spec, out _)!, Start, Start.AddDays(90), "uid", Start.AddDays(11), advice, rolledBack: Start.AddDays(10)));
    }

    private async Task RefusedAsync(World world, string request, string sentence)
    {
        string before = Serial(await world.SecretAsync("web"));
        await AskAsync(world, request);

        RollbackStatus answer = (await StatusAsync(world)).Rollback!;
        Assert.Equal((request, false), (answer.Request, answer.Done));
        Assert.Contains(sentence, answer.Message, StringComparison.Ordinal);
        Assert.Contains(("RollbackRefused", answer.Message), world.Events("Certificate", "web"));
        Assert.Equal(before, Serial(await world.SecretAsync("web")));
        Assert.Equal("True", (await world.ReadyAsync("web")).Status);
    }

    private static async Task AskAsync(World world, string value)
    {
        Annotate(world, value);
        await world.SettleAsync();
    }

    private static void Annotate(World world, string value)
        => world.Cluster.Patch(Certificate.Type, Web, new JsonObject
        {
            ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Annotations.Rollback] = value } },
        });

    /// <summary>A Certificate of 90 days that was renewed once, when it was due.</summary>
    internal static async Task<World> RenewedAsync(FakeTimeProvider time, string more = History)
    {
        World world = await WorldAsync(time, more);
        time.Advance((await StatusAsync(world)).RenewalTime!.Value - Start);
        await UntilAsync(world, async () => (await StatusAsync(world)).Revision == 2);
        return world;
    }

    private static async Task<World> WorldAsync(FakeTimeProvider time, string more)
    {
        var world = new World(time: time);
        world.Cluster.Apply(CaSecrets.Good(duration: TimeSpan.FromDays(3650), now: Start));
        world.Apply("""
            apiVersion: certoperator.io/v1
            kind: Issuer
            metadata: {name: ca, namespace: shop}
            spec: {ca: {secretName: ca-key} }
            """);
        world.Apply(Samples.Certificate("web", more));
        await world.SettleAsync();
        return world;
    }

    private async Task PassAsync(World world, TimeSpan time)
    {
        _time.Advance(time);
        await world.SettleAsync();
    }

    /// <summary>The schedule may need a moment of the machine's time to hear the clock, but none of the clock's.</summary>
    private static async Task UntilAsync(World world, Func<Task<bool>> condition)
    {
        for (int look = 0; look < 500 && !await condition(); look++)
            await world.SettleAsync();
        Assert.True(await condition());
    }

    private static async Task<CertificateStatus> StatusAsync(World world) => (await world.CertificateAsync("web")).Status!;

    private static async Task<int> InPlaceAsync(World world) => int.Parse((await world.SecretAsync("web")).Metadata.Annotations![Labels.Revision]);

    private static string Serial(Secret secret) => Pem.ReadCertificates(secret.Data!["tls.crt"])[0].SerialNumber;
}
