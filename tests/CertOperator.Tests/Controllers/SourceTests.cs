using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers;

public class SourceTests
{
    private const string OneTls = "{hosts: [a.example.com], secretName: a}";

    [Fact]
    public async Task An_annotated_ingress_with_two_tls_entries_becomes_two_secrets()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", OneTls + ", {hosts: [b.example.com], secretName: b}"));
        await world.SettleAsync();

        Assert.NotNull(await world.FindSecretAsync("a"));
        Assert.NotNull(await world.FindSecretAsync("b"));
        Assert.Equal("True", (await world.ReadyAsync("b")).Status);
    }

    [Fact]
    public async Task A_removed_annotation_removes_the_certificate_and_keeps_the_secret()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", OneTls));
        await world.SettleAsync();
        world.Apply(Samples.Ingress("web", OneTls, ""));
        await world.SettleAsync();

        Assert.Null(await world.FindCertificateAsync("a"));
        Assert.NotNull(await world.FindSecretAsync("a"));
    }

    [Fact]
    public async Task A_changed_annotation_reaches_the_certificate()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", OneTls));
        await world.SettleAsync();
        world.Apply(Samples.Ingress("web", OneTls, "certoperator.io/issuer: ca, certoperator.io/duration: 100h"));
        await world.SettleAsync();

        Assert.Equal("100h", (await world.CertificateAsync("a")).Spec!.Duration);
    }

    [Fact]
    public async Task Ingresses_that_share_a_secret_get_one_certificate_for_all_hosts()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("one", OneTls));
        world.Apply(Samples.Ingress("two", "{hosts: [b.example.com], secretName: a}"));
        await world.SettleAsync();

        Certificate certificate = await world.CertificateAsync("a");
        Assert.Equal(["a.example.com", "b.example.com"], certificate.Spec!.DnsNames!.Order());
        Assert.Equal(2, certificate.Metadata.OwnerReferences!.Count);
    }

    [Fact]
    public async Task Ingresses_that_disagree_on_the_issuer_are_both_told()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("one", OneTls));
        world.Apply(Samples.Ingress("two", OneTls, "certoperator.io/issuer: bootstrap"));
        await world.SettleAsync();

        Assert.Contains("SourcesDisagree", world.EventReasons("Ingress", "one"));
        Assert.Contains("SourcesDisagree", world.EventReasons("Ingress", "two"));
    }

    [Theory]
    [InlineData("{hosts: [a.example.com]}", "TlsWithoutSecretName")]
    [InlineData("{secretName: a}", "TlsWithoutHosts")]
    public async Task An_incomplete_tls_entry_is_told_on_the_ingress(string tls, string reason)
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", tls));
        await world.SettleAsync();
        Assert.Contains(reason, world.EventReasons("Ingress", "web"));
    }

    [Fact]
    public async Task An_annotation_that_the_schema_refuses_is_told_and_its_correction_is_noticed()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", OneTls, "certoperator.io/issuer: ca, certoperator.io/private-key-algorithm: DSA"));
        await world.SettleAsync();
        Assert.Contains("CertificateRefused", world.EventReasons("Ingress", "web"));
        Assert.Null(await world.FindCertificateAsync("a"));

        world.Apply(Samples.Ingress("web", OneTls, "certoperator.io/issuer: ca, certoperator.io/private-key-algorithm: RSA"));
        await world.SettleAsync();
        Assert.Equal("True", (await world.ReadyAsync("a")).Status);
    }

    [Fact]
    public async Task A_class_that_nobody_serves_is_told_and_the_secret_is_made()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", OneTls));
        await world.SettleAsync();
        Assert.Contains("NoClass", world.EventReasons("Ingress", "web"));
        Assert.NotNull(await world.FindSecretAsync("a"));
    }

    [Fact]
    public async Task A_certificate_of_somebody_else_is_never_changed()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("a"));
        world.Apply(Samples.Ingress("web", "{hosts: [other.example.com], secretName: a}"));
        await world.SettleAsync();

        Assert.Equal(["a.example.com"], (await world.CertificateAsync("a")).Spec!.DnsNames);
        Assert.Contains("CertificateNotOurs", world.EventReasons("Ingress", "web"));
    }

    [Fact]
    public async Task A_service_gets_a_certificate_for_its_names()
    {
        await using World world = await World.WithCaAsync();
        world.Apply("""
            apiVersion: v1
            kind: Service
            metadata: {name: db, namespace: shop, annotations: {certoperator.io/issuer: ca}}
            spec: {clusterIP: None, ports: [{port: 443}]}
            """);
        await world.SettleAsync();

        Assert.Equal(
            ["*.db.shop.svc.cluster.local", "db", "db.shop", "db.shop.svc", "db.shop.svc.cluster.local"],
            (await world.CertificateAsync("db-tls")).Spec!.DnsNames!.Order(StringComparer.Ordinal));
        Assert.Equal("True", (await world.ReadyAsync("db-tls")).Status);
    }

    [Fact]
    public async Task An_ingress_that_goes_takes_its_certificate_along()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", OneTls));
        await world.SettleAsync();
        world.Cluster.Delete(Ingress.Type, new ObjectKey("shop", "web"));
        await world.SettleAsync();
        Assert.Null(await world.FindCertificateAsync("a"));
    }
}
