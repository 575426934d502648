using CertOperator.Api;
using CertOperator.Controllers;
using CertOperator.Controllers.BadInput;
using CertOperator.Runtime.Client;

namespace CertOperator.Rotation;

/// <summary>What time alone does, and what a clock that steps does not.</summary>
public class ClockTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);

    [Fact]
    public async Task Ready_turns_false_in_the_second_of_expiry_without_an_event()
    {
        await using World world = await WorldAsync();
        world.Apply(Samples.Certificate("web", "duration: 24h"));
        await world.SettleAsync();
        world.Cluster.Delete(Secret.Type, new ObjectKey("shop", "ca-key"));
        await world.SettleAsync();
        DateTimeOffset end = (await world.CertificateAsync("web")).Status!.NotAfter!.Value;

        await PassAsync(world, end - TimeSpan.FromSeconds(1) - _time.GetUtcNow());
        Assert.Equal("True", (await world.ReadyAsync("web")).Status);

        await PassAsync(world, TimeSpan.FromSeconds(1));
        await UntilAsync(world, async () => (await world.ReadyAsync("web")).Status == "False");
        Assert.Contains("expired", (await world.ReadyAsync("web")).Message, StringComparison.Ordinal);
        Assert.InRange((await world.ReadyAsync("web")).LastTransitionTime!.Value, end, end + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task After_three_days_of_sleep_all_that_is_due_is_renewed_the_nearest_expiry_first_and_not_at_once()
    {
        await using World world = await WorldAsync();
        string[] near = [.. Enumerable.Range(0, 12).Select(number => $"near-{number}")];
        string[] far = [.. Enumerable.Range(0, 12).Select(number => $"far-{number}")];
        foreach (string name in near)
            world.Apply(Samples.Certificate(name, "duration: 144h"));
        foreach (string name in far)
            world.Apply(Samples.Certificate(name, "duration: 2160h, renewBefore: 2090h"));
        await world.SettleAsync();
        // Of six days, none is due before the 48th hour; of those with renewBefore, all in the 70th.
        await PassAsync(world, TimeSpan.FromHours(47));
        Assert.All(world.Operator.Caches.Certificates.Store.All, certificate => Assert.Equal(1, certificate.Status!.Revision));
        await PassAsync(world, TimeSpan.FromHours(72));
        DateTimeOffset awake = _time.GetUtcNow();

        var renewed = new Dictionary<string, TimeSpan>();
        for (int minute = 0; minute <= 130 && renewed.Count < near.Length + far.Length; minute++)
        {
            foreach (Certificate certificate in world.Operator.Caches.Certificates.Store.All.Where(certificate => certificate.Status?.Revision > 1))
                renewed.TryAdd(certificate.Metadata.Name!, _time.GetUtcNow() - awake);
            await PassAsync(world, TimeSpan.FromMinutes(1));
        }

        Assert.Equal(near.Concat(far).Order(StringComparer.Ordinal), renewed.Keys.Order(StringComparer.Ordinal));
        Assert.True(near.Max(name => renewed[name]) < far.Min(name => renewed[name]), string.Join(", ", renewed));
        Assert.InRange(far.Select(name => renewed[name]).Distinct().Count(), 6, 12);
    }

    [Fact]
    public async Task A_clock_that_is_put_back_a_little_has_nothing_issued_again()
    {
        await using World world = await WorldAsync();
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        _time.AdjustTime(Start - TimeSpan.FromMinutes(2));
        world.Apply(Samples.Certificate("web", "secretTemplate: {labels: {team: a} }"));
        await world.SettleAsync();

        Assert.Equal("a", (await world.SecretAsync("web")).Metadata.Labels!["team"]);
        Assert.Equal("True", (await world.ReadyAsync("web")).Status);
        Assert.Equal(1, (await world.CertificateAsync("web")).Status!.Revision);
    }

    [Fact]
    public async Task A_clock_that_is_put_forward_has_what_is_due_renewed_within_a_minute()
    {
        await using World world = await WorldAsync();
        world.Apply(Samples.Certificate("web", "duration: 24h, renewBefore: 12h"));
        await world.SettleAsync();
        _time.AdjustTime(Start + TimeSpan.FromHours(12.1));
        await PassAsync(world, TimeSpan.FromMinutes(1));

        await UntilAsync(world, async () => (await world.CertificateAsync("web")).Status!.Revision == 2);
        Assert.True((await world.CertificateAsync("web")).Status!.NotBefore > Start);
    }

    [Fact]
    public async Task A_renewal_waits_for_its_window_and_status_says_when_it_is()
    {
        await using World world = await WorldAsync();
        world.Apply(Samples.Certificate("web", "duration: 2160h, renewal: {windows: [{cron: \"0 2 * * sat\", windowDuration: 4h}]}"));
        await world.SettleAsync();
        // Day 60 is a Saturday, and up to 36 hours before it the renewal would be due.
        DateTimeOffset renewal = (await world.CertificateAsync("web")).Status!.RenewalTime!.Value;
        Assert.Equal((DayOfWeek.Saturday, true), (renewal.DayOfWeek, renewal.Hour is >= 2 and < 6));

        await PassAsync(world, renewal - TimeSpan.FromSeconds(1) - Start);
        Assert.Equal(1, (await world.CertificateAsync("web")).Status!.Revision);
        await PassAsync(world, TimeSpan.FromSeconds(1));
        await UntilAsync(world, async () => (await world.CertificateAsync("web")).Status!.Revision == 2);
    }

    private async Task<World> WorldAsync()
    {
        var world = new World(time: _time);
        world.Cluster.Apply(CaSecrets.Good(duration: TimeSpan.FromDays(3650), now: Start));
        world.Apply("""
            apiVersion: certoperator.io/v1
            kind: Issuer
            metadata: {name: ca, namespace: shop}
            spec: {ca: {secretName: ca-key} }
            """);
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
}
