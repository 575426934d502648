using CertOperator.Api;

namespace CertOperator.Controllers;

/// <summary>Which Ingresses are managed at all.</summary>
public class OptInTests
{
    private const string Tls = "{hosts: [a.example.com], secretName: a}";
    private const string TlsAcme = "kubernetes.io/tls-acme: \"true\"";

    private static readonly OperatorOptions WithDefault = new() { DefaultIssuer = new IssuerRef { Kind = "Issuer", Name = "ca" } };

    [Fact]
    public async Task The_older_annotation_means_the_default_issuer()
    {
        await using World world = await World.WithCaAsync(WithDefault);
        world.Apply(Samples.Ingress("web", Tls, TlsAcme));
        await world.SettleAsync();

        Assert.Equal("ca", (await world.CertificateAsync("a")).Spec!.IssuerRef.Name);
        Assert.Equal("True", (await world.ReadyAsync("a")).Status);
    }

    [Theory]
    [InlineData("kubernetes.io/tls-acme: \"false\"")]
    [InlineData("other.example.com/note: x")]
    public async Task Without_an_annotation_that_asks_for_it_nothing_is_made(string annotations)
    {
        await using World world = await World.WithCaAsync(WithDefault);
        world.Apply(Samples.Ingress("web", Tls, annotations));
        await world.SettleAsync();
        Assert.Null(await world.FindCertificateAsync("a"));
        Assert.Empty(world.Findings);
    }

    [Fact]
    public async Task An_issuer_that_is_named_wins_over_the_default_one()
    {
        await using World world = await World.WithCaAsync(WithDefault);
        world.Apply(Samples.Ingress("web", Tls, TlsAcme + ", certoperator.io/issuer: bootstrap"));
        await world.SettleAsync();
        Assert.Equal("bootstrap", (await world.CertificateAsync("a")).Spec!.IssuerRef.Name);
    }

    [Fact]
    public async Task Without_a_default_issuer_the_older_annotation_is_answered_with_what_to_do()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", Tls, TlsAcme));
        await world.SettleAsync();
        Assert.Contains("--default-issuer", world.Events("Ingress", "web").Single(told => told.Reason == "NoDefaultIssuer").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_issuers_exclude_each_other()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", Tls, "certoperator.io/issuer: ca, certoperator.io/cluster-issuer: ca"));
        await world.SettleAsync();
        Assert.Contains("TwoIssuers", world.EventReasons("Ingress", "web"));
        Assert.Null(await world.FindCertificateAsync("a"));
    }

    [Fact]
    public async Task An_ignored_ingress_is_neither_served_nor_told_anything()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", "{secretName: a}", "certoperator.io/issuer: ca, certoperator.io/ignore: \"true\""));
        await world.SettleAsync();
        Assert.Null(await world.FindCertificateAsync("a"));
        Assert.Empty(world.EventReasons("Ingress", "web"));
    }

    [Fact]
    public async Task An_ingress_that_is_ignored_from_now_on_keeps_its_secret()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", Tls));
        await world.SettleAsync();
        world.Apply(Samples.Ingress("web", Tls, "certoperator.io/issuer: ca, certoperator.io/ignore: \"true\""));
        await world.SettleAsync();
        Assert.Null(await world.FindCertificateAsync("a"));
        Assert.NotNull(await world.FindSecretAsync("a"));
    }
}
