using CertOperator.Controllers;
using CertOperator.Runtime.Objects;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Issuers.Acme;

/// <summary>A public CA decides on much of what a certificate says. Ordering it again changes nothing, so it is told, once.</summary>
public class CaDecisionTests
{
    [Theory]
    [InlineData("usages: [server auth, client auth, key encipherment]", "The CA left out the usages client auth, key encipherment: ")]
    [InlineData("commonName: web.example.com, subject: {organizations: [Shop]}", "The CA chose the subject \"\" itself: ")]
    [InlineData("duration: 8760h", "The CA gave 2160h of the 8760h that duration asks for.")]
    public async Task It_is_told_once_and_not_ordered_again(string asked, string sentence)
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.World.Apply(Samples.Certificate("web", asked, issuer: "acme"));
        await world.UntilReadyAsync("web");
        await PassDaysAsync(world, 5);

        Assert.Equal(1, world.Asked(AcmeEndpoint.NewOrder));
        Condition ready = await world.World.ReadyAsync("web");
        Assert.Equal("True", ready.Status);
        Assert.Contains(sentence, ready.Message, StringComparison.Ordinal);
        var (reason, message) = Assert.Single(world.World.Events("Certificate", "web"));
        Assert.Equal("Issued", reason);
        Assert.Contains(sentence, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usages_that_nobody_asked_for_by_name_are_not_told()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.World.Apply(Samples.Certificate("web", "privateKey: {algorithm: RSA}", issuer: "acme"));
        await world.UntilReadyAsync("web");

        Assert.DoesNotContain("The CA", (await world.World.ReadyAsync("web")).Message, StringComparison.Ordinal);
        Assert.Equal(1, world.Asked(AcmeEndpoint.NewOrder));
    }

    [Fact]
    public async Task Names_that_the_ca_adds_are_kept_until_the_spec_changes()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.Server.Behaviour.Issue = leaf => leaf.Names = [.. leaf.Names, new OrderedName("dns", $"www.{leaf.Names[0].Value}")];
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilReadyAsync("web");
        await PassDaysAsync(world, 3);
        Assert.Equal(1, world.Asked(AcmeEndpoint.NewOrder));

        world.World.Apply(Samples.Certificate("web", issuer: "acme").Replace("[web.example.com]", "[web.example.com, www.web.example.com]", StringComparison.Ordinal));
        await world.UntilAsync("it is issued for both", async () => (await world.StatusAsync("web")).Revision == 2);
    }

    [Fact]
    public async Task A_chain_that_is_not_to_be_had_is_told_once()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(more: "    preferredChain: Root of nobody");
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilReadyAsync("web");
        await PassDaysAsync(world, 1);

        const string Sentence = "The CA offers no chain up to \"Root of nobody\", so its usual one was taken: correct or remove preferredChain.";
        Assert.EndsWith(Sentence, Assert.Single(world.World.Events("Certificate", "web")).Message, StringComparison.Ordinal);
        Assert.EndsWith(Sentence, Assert.Single((await world.StatusAsync("web")).Attempts!).Reason, StringComparison.Ordinal);
        Assert.Equal(1, world.Asked(AcmeEndpoint.NewOrder));
    }

    private static async Task PassDaysAsync(AcmeWorld world, int days)
    {
        for (int day = 0; day < days; day++)
        {
            world.Time.Advance(TimeSpan.FromDays(1));
            await world.World.SettleAsync();
        }
    }
}
