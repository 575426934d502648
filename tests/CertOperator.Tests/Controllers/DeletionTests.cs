using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers;

/// <summary>What becomes of a Secret when its Certificate goes.</summary>
public class DeletionTests
{
    [Theory]
    [InlineData("", true)]
    [InlineData("secretDeletionPolicy: Retain", true)]
    [InlineData("secretDeletionPolicy: Delete", false)]
    public async Task The_secret_stays_unless_the_policy_says_otherwise(string policy, bool stays)
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web", policy));
        await world.SettleAsync();
        world.Cluster.Delete(Certificate.Type, new ObjectKey("shop", "web"));
        await world.SettleAsync();

        // A Secret that goes before the operator hears of its Certificate's end is made once more, and is an orphan then.
        world.Cluster.CollectGarbage();
        Assert.Equal(stays, await world.FindSecretAsync("web") is not null);
    }

    [Fact]
    public async Task A_changed_policy_counts_without_a_new_certificate()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web", "secretDeletionPolicy: Delete"));
        await world.SettleAsync();
        byte[] leaf = (await world.SecretAsync("web")).Data!["tls.crt"];

        world.Apply(Samples.Certificate("web", "secretDeletionPolicy: Retain"));
        await world.SettleAsync();
        world.Cluster.Delete(Certificate.Type, new ObjectKey("shop", "web"));
        await world.SettleAsync();
        Assert.Equal(leaf, (await world.SecretAsync("web")).Data!["tls.crt"]);
    }

    [Fact]
    public async Task A_certificate_that_comes_back_takes_its_secret_up_again()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        byte[] leaf = (await world.SecretAsync("web")).Data!["tls.crt"];
        world.Cluster.Delete(Certificate.Type, new ObjectKey("shop", "web"));
        await world.SettleAsync();

        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        Assert.Equal("True", (await world.ReadyAsync("web")).Status);
        Assert.Equal(leaf, (await world.SecretAsync("web")).Data!["tls.crt"]);
    }

    [Fact]
    public async Task A_deleted_ingress_leaves_the_secret_to_the_ingress_controller()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", "{hosts: [a.example.com], secretName: a}"));
        await world.SettleAsync();
        world.Cluster.Delete(Ingress.Type, new ObjectKey("shop", "web"));
        await world.SettleAsync();

        Assert.Null(await world.FindCertificateAsync("a"));
        Assert.NotNull(await world.FindSecretAsync("a"));
    }
}
