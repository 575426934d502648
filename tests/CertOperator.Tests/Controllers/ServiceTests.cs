using CertOperator.Api;

namespace CertOperator.Controllers;

public class ServiceTests
{
    [Theory]
    [InlineData("{ports: [{port: 443}]}", new[] { "db", "db.shop", "db.shop.svc", "db.shop.svc.corp.example" })]
    [InlineData("{clusterIP: None, ports: [{port: 443}]}", new[] { "*.db.shop.svc.corp.example", "db", "db.shop", "db.shop.svc", "db.shop.svc.corp.example" })]
    public async Task The_names_are_those_of_the_service_in_the_clusters_domain(string spec, string[] names)
    {
        await using World world = await World.WithCaAsync(new OperatorOptions { ClusterDomain = "corp.example" });
        world.Apply(Service("certoperator.io/issuer: ca", spec));
        await world.SettleAsync();

        Certificate certificate = await world.CertificateAsync("db-tls");
        Assert.Equal(names, certificate.Spec!.DnsNames!.Order(StringComparer.Ordinal));
        Assert.Equal(["db"], certificate.Metadata.OwnerReferences!.Select(owner => owner.Name));
        Assert.True((await world.SecretAsync("db-tls")).Data!.ContainsKey("ca.crt"));
    }

    [Fact]
    public async Task The_secret_can_be_named_and_named_otherwise()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Service("certoperator.io/issuer: ca, certoperator.io/secret-name: serving"));
        await world.SettleAsync();
        Assert.Equal("True", (await world.ReadyAsync("serving")).Status);

        world.Apply(Service("certoperator.io/issuer: ca, certoperator.io/secret-name: other"));
        await world.SettleAsync();
        Assert.Null(await world.FindCertificateAsync("serving"));
        Assert.Equal("True", (await world.ReadyAsync("other")).Status);
    }

    [Fact]
    public async Task Annotations_shape_the_certificate_and_their_removal_ends_it()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Service("certoperator.io/issuer: ca, certoperator.io/duration: 24h, certoperator.io/alt-names: db.example.com"));
        await world.SettleAsync();
        Certificate certificate = await world.CertificateAsync("db-tls");
        Assert.Equal("24h", certificate.Spec!.Duration);
        Assert.Contains("db.example.com", certificate.Spec.DnsNames!);

        world.Apply(Service(""));
        await world.SettleAsync();
        Assert.Null(await world.FindCertificateAsync("db-tls"));
        Assert.NotNull(await world.FindSecretAsync("db-tls"));
    }

    [Theory]
    [InlineData("kubernetes.io/tls-acme: \"true\"")]
    [InlineData("certoperator.io/issuer: ca, certoperator.io/ignore: \"true\"")]
    public async Task An_annotation_that_is_for_ingresses_and_an_ignored_service_make_nothing(string annotations)
    {
        await using World world = await World.WithCaAsync(new OperatorOptions { DefaultIssuer = new IssuerRef { Name = "ca" } });
        world.Apply(Service(annotations));
        await world.SettleAsync();
        Assert.Null(await world.FindCertificateAsync("db-tls"));
        Assert.Empty(world.EventReasons("Service", "db"));
    }

    private static string Service(string annotations, string spec = "{ports: [{port: 443}]}") => $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: db, namespace: shop, annotations: { {{annotations}} } }
        spec: {{spec}}
        """;
}
