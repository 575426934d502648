using CertOperator.Api;
using CertOperator.Cli.Local;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers;

/// <summary>Listeners of Gateways as a source of certificates.</summary>
public class GatewayTests
{
    private const string Https = "{name: https, port: 443, protocol: HTTPS, hostname: web.example.com, tls: {certificateRefs: [{name: web}]}}";
    private const string Wild = "{name: wild, port: 443, protocol: HTTPS, hostname: \"*.example.com\", tls: {mode: Terminate, certificateRefs: [{group: \"\", kind: Secret, name: web, namespace: shop}]}}";
    private const string Db = "{name: db, port: 8443, protocol: TLS, hostname: db.example.com, tls: {certificateRefs: [{name: db}]}}";
    private const string Annotation = "certoperator.io/issuer: ca";

    [Fact]
    public async Task Listeners_that_share_a_secret_get_one_certificate_for_all_their_hostnames()
    {
        await using World world = await WithGatewaysAsync();
        world.Apply(Manifest(Annotation, Https, Wild, Db));
        await world.SettleAsync();

        Certificate web = await world.CertificateAsync("web");
        Assert.Equal(["*.example.com", "web.example.com"], web.Spec!.DnsNames!.Order(StringComparer.Ordinal));
        Assert.Equal([("Gateway", "edge")], web.Metadata.OwnerReferences!.Select(owner => (owner.Kind, owner.Name)));
        Assert.Equal(["db.example.com"], (await world.CertificateAsync("db")).Spec!.DnsNames!);
        Assert.Equal("True", (await world.ReadyAsync("web")).Status);
        Assert.NotNull(await world.FindSecretAsync("db"));
        Assert.Empty(world.EventReasons("Gateway", "edge"));
    }

    [Fact]
    public async Task What_is_changed_is_followed_and_a_removed_annotation_ends_it()
    {
        await using World world = await WithGatewaysAsync();
        world.Apply(Manifest($"{Annotation}, certoperator.io/duration: 24h", Https));
        await world.SettleAsync();
        Assert.Equal("24h", (await world.CertificateAsync("web")).Spec!.Duration);

        world.Apply(Manifest(Annotation, Https, Wild));
        await world.SettleAsync();
        Certificate changed = await world.CertificateAsync("web");
        Assert.Null(changed.Spec!.Duration);
        Assert.Contains("*.example.com", changed.Spec.DnsNames!);

        world.Apply(Manifest("", Https, Wild));
        await world.SettleAsync();
        Assert.Null(await world.FindCertificateAsync("web"));
        Assert.NotNull(await world.FindSecretAsync("web"));
    }

    [Theory]
    [InlineData("{name: all, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: web}]}}", "ListenerWithoutHostname", "spec.listeners[0] (all)")]
    [InlineData("{name: bare, port: 443, protocol: HTTPS, hostname: web.example.com, tls: {}}", "ListenerWithoutSecret", "tls.certificateRefs")]
    [InlineData("{name: far, port: 443, protocol: HTTPS, hostname: web.example.com, tls: {certificateRefs: [{name: web, namespace: infra}]}}", "SecretElsewhere", "namespace infra")]
    [InlineData("{name: odd, port: 443, protocol: HTTPS, hostname: web.example.com, tls: {certificateRefs: [{group: vault.example, kind: Key, name: web}]}}", "CertificateRefNotSecret", "Key web")]
    [InlineData("{name: http, port: 80, protocol: HTTP}", "NoTls", "no listener terminates TLS")]
    [InlineData("{name: through, port: 443, protocol: TLS, hostname: web.example.com, tls: {mode: Passthrough}}", "NoTls", "no listener terminates TLS")]
    public async Task What_cannot_be_certified_is_told_on_the_gateway(string listener, string reason, string sentence)
    {
        await using World world = await WithGatewaysAsync();
        world.Apply(Manifest(Annotation, listener));
        await world.SettleAsync();

        Assert.Null(await world.FindCertificateAsync("web"));
        Assert.Contains(sentence, Assert.Single(world.Events("Gateway", "edge"), told => told.Reason == reason).Message, StringComparison.Ordinal);
    }

    /// <summary>A slip must not end the renewal of what is in use.</summary>
    [Fact]
    public async Task A_hostname_that_is_taken_away_leaves_the_certificate_as_it_is()
    {
        await using World world = await WithGatewaysAsync();
        world.Apply(Manifest(Annotation, Https));
        await world.SettleAsync();
        world.Apply(Manifest(Annotation, Https.Replace("hostname: web.example.com, ", "", StringComparison.Ordinal)));
        await world.SettleAsync();

        Assert.Equal(["web.example.com"], (await world.CertificateAsync("web")).Spec!.DnsNames!);
        Assert.Contains("ListenerWithoutHostname", world.EventReasons("Gateway", "edge"));
    }

    [Fact]
    public async Task An_ingress_and_a_gateway_may_share_a_secret()
    {
        await using World world = await WithGatewaysAsync();
        world.Apply(Manifest(Annotation, Https));
        world.Apply(Samples.Ingress("old", tls: "{hosts: [old.example.com], secretName: web}"));
        await world.SettleAsync();

        Certificate web = await world.CertificateAsync("web");
        Assert.Equal(["old.example.com", "web.example.com"], web.Spec!.DnsNames!.Order(StringComparer.Ordinal));
        Assert.Equal(["Gateway", "Ingress"], web.Metadata.OwnerReferences!.Select(owner => owner.Kind).Order(StringComparer.Ordinal));
    }

    /// <summary>Rights are taken away by mistake, or the definition is: no certificate must end for that.</summary>
    [Theory]
    [InlineData(KubeFailure.Forbidden)]
    [InlineData(KubeFailure.NotFound)]
    public async Task While_gateways_cannot_be_seen_their_certificates_stay(KubeFailure failure)
    {
        await using World world = await WithGatewaysAsync();
        world.Apply(Manifest(Annotation, Https));
        world.Apply(Samples.Ingress("old", tls: "{hosts: [old.example.com], secretName: web}"));
        await world.SettleAsync();
        await world.StopAsync();

        world.Cluster.Faults.FailNext("list", Gateway.Type, failure, times: 1000);
        world.Apply(Samples.Ingress("old", tls: "{hosts: [new.example.com], secretName: web}"));
        world.Apply(Samples.Ingress("other", tls: "{hosts: [other.example.com], secretName: other}"));
        await world.SettleAsync();

        Assert.True(world.Operator.Caches.Gateways.IsRefused);
        Assert.Equal(["old.example.com", "web.example.com"], (await world.CertificateAsync("web")).Spec!.DnsNames!.Order(StringComparer.Ordinal));
        Assert.Equal("True", (await world.ReadyAsync("other")).Status);
    }

    [Fact]
    public async Task Once_gateways_are_seen_again_what_was_changed_meanwhile_is_followed()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using World world = await WithGatewaysAsync(time);
        world.Apply(Manifest(Annotation, Https, Db));
        await world.SettleAsync();
        await world.StopAsync();

        world.Cluster.Faults.FailNext("list", Gateway.Type, KubeFailure.Forbidden);
        await world.SettleAsync();
        Assert.True(world.Operator.Caches.Gateways.IsRefused);
        world.Apply(Manifest(Annotation, Https, Wild));
        for (int minute = 0; minute < 10; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await world.SettleAsync();
        }

        Assert.Equal(["*.example.com", "web.example.com"], (await world.CertificateAsync("web")).Spec!.DnsNames!.Order(StringComparer.Ordinal));
        Assert.Null(await world.FindCertificateAsync("db"));
    }

    [Fact]
    public async Task A_listener_that_is_none_is_passed_over()
    {
        await using World world = await WithGatewaysAsync();
        world.Apply(Manifest(Annotation, "null", Https.Replace("[{name: web}]", "[null, {name: web}]", StringComparison.Ordinal)));
        await world.SettleAsync();
        Assert.Equal("True", (await world.ReadyAsync("web")).Status);
    }

    private static async Task<World> WithGatewaysAsync(TimeProvider? time = null)
    {
        var world = new World(time: time);
        world.Cluster.RegisterCrd(GatewayDefinition.Document());
        world.Apply(Samples.Ca);
        await world.SettleAsync();
        return world;
    }

    private static string Manifest(string annotations, params string[] listeners) => $$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: edge, namespace: shop, annotations: { {{annotations}} } }
        spec: {gatewayClassName: any, listeners: [{{string.Join(", ", listeners)}}]}
        """;
}
