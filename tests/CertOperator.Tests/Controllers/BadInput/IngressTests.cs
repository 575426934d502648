using System.Globalization;
using CertOperator.Api;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory.Traffic;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers.BadInput;

/// <summary>What is wrong with an Ingress is told on the Ingress; what it has already stays.</summary>
public class IngressTests
{
    private const string OneTls = "{hosts: [a.example.com], secretName: a}";

    [Theory]
    [InlineData("{secretName: a}", "certoperator.io/issuer: ca", "TlsWithoutHosts", "spec.tls[0]", "Secret a", "list them")]
    [InlineData(OneTls, "certoperator.io/issuer: ca, certoperator.io/cluster-issuer: other", "TwoIssuers", "certoperator.io/issuer", "remove one")]
    [InlineData(OneTls, "kubernetes.io/tls-acme: \"true\"", "NoDefaultIssuer", "--default-issuer")]
    [InlineData(OneTls, "certoperator.io/issuer: ca, certoperator.io/private-key-algorithm: DSA", "CertificateRefused", "Certificate a", "\"DSA\" is unknown: use ECDSA, RSA")]
    [InlineData(OneTls, "certoperator.io/issuer: ca, certoperator.io/duration: soon", "CertificateRefused", "Certificate a", "duration \"soon\" cannot be read: write hours")]
    public async Task A_slip_in_an_ingress_is_told_there_and_its_certificate_goes_on(string tls, string annotations, string reason, params string[] named)
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", OneTls));
        await world.SettleAsync();
        Certificate former = await world.CertificateAsync("a");

        world.Apply(Samples.Ingress("web", tls, annotations));
        await world.SettleAsync();
        world.IsToldOnIngress("web", reason, named);
        Certificate kept = await world.CertificateAsync("a");
        Assert.Equal((former.Metadata.Uid, former.Metadata.Generation), (kept.Metadata.Uid, kept.Metadata.Generation));
        await world.IsReadyAsync("a");

        world.Apply(Samples.Ingress("web", OneTls.Replace("[", "[b.example.com, ", StringComparison.Ordinal)));
        await world.SettleAsync();
        Assert.Equal(["b.example.com", "a.example.com"], (await world.CertificateAsync("a")).Spec!.DnsNames);
        await world.IsReadyAsync("a");
    }

    [Theory]
    [InlineData("certoperator.io/renew-before: 3000h", "InvalidSpec", "Certificate a", "renewBefore 3000h")]
    [InlineData("certoperator.io/renew-before-percentage: \"100\"", "InvalidSpec", "renewBeforePercentage 100")]
    [InlineData("certoperator.io/alt-names: \"a b\"", "InvalidSpec", "\"a b\"")]
    [InlineData("certoperator.io/common-name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "InvalidSpec", "65 characters")]
    [InlineData("certoperator.io/renew-before-percentage: many", "BadAnnotation", "certoperator.io/renew-before-percentage", "no whole number")]
    [InlineData("certoperator.io/secret-template: \"{\"", "BadAnnotation", "certoperator.io/secret-template")]
    public async Task What_an_annotation_breaks_is_told_on_the_ingress_once(string annotation, string reason, params string[] named)
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", OneTls + ", {hosts: [b.example.com], secretName: a}", $"certoperator.io/issuer: ca, {annotation}"));
        await world.SettleAsync();
        world.IsToldOnIngress("web", reason, named);

        world.Apply(Samples.Ingress("web", OneTls));
        await world.SettleAsync();
        await world.IsReadyAsync("a");
    }

    [Fact]
    public async Task An_unknown_issuer_is_told_on_the_ingress()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", OneTls, "certoperator.io/issuer: nobody"));
        await world.SettleAsync();
        world.IsToldOnIngress("web", "IssuerNotFound", "Certificate a", "no Issuer \"nobody\" in namespace shop");
    }

    [Fact]
    public async Task Two_hundred_hosts_are_told_with_the_limit_and_the_former_certificate_stays()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", OneTls));
        await world.SettleAsync();
        world.Apply(Samples.Ingress("web", $"{{hosts: [{Hosts(0, 200)}], secretName: a}}"));
        await world.SettleAsync();

        world.IsToldOnIngress("web", "TooManyHosts", "200 hosts", "Secret a", "at most 100", "several entries of spec.tls");
        Assert.Equal(["a.example.com"], (await world.CertificateAsync("a")).Spec!.DnsNames);
        await world.IsReadyAsync("a");

        world.Apply(Samples.Ingress("web", $"{{hosts: [{Hosts(0, 100)}], secretName: a}}, {{hosts: [{Hosts(100, 100)}], secretName: b}}"));
        await world.SettleAsync();
        await world.IsReadyAsync("a");
        await world.IsReadyAsync("b");
    }

    [Fact]
    public async Task A_removed_entry_is_no_slip_and_removes_its_certificate()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", OneTls + ", {hosts: [b.example.com], secretName: b}"));
        await world.SettleAsync();
        world.Apply(Samples.Ingress("web", OneTls));
        await world.SettleAsync();
        Assert.Null(await world.FindCertificateAsync("b"));
        Assert.NotNull(await world.FindSecretAsync("b"));
    }

    [Fact]
    public async Task Advice_that_was_given_is_not_written_again_after_a_restart()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("web", OneTls + ", {hosts: [b.example.com]}"));
        await world.SettleAsync();
        var before = world.Events("Ingress", "web");
        Assert.Equal(["NoClass", "TlsWithoutSecretName"], before.Select(told => told.Reason).Order());

        await world.StopAsync();
        world.Cluster.Requests.Clear();
        await world.SettleAsync();
        Assert.Equal(before, world.Events("Ingress", "web"));
        Assert.DoesNotContain(world.Cluster.Requests.Counts.Keys, IsWrite);
    }

    [Fact]
    public async Task Advice_that_is_due_again_raises_the_count_of_the_first()
    {
        await using World world = await World.WithCaAsync();
        foreach (string tls in (string[])[OneTls + ", {hosts: [b.example.com]}", OneTls, OneTls + ", {hosts: [b.example.com]}"])
        {
            world.Apply(Samples.Ingress("web", tls));
            await world.SettleAsync();
        }

        var told = world.Cluster.List(Event.Type, "shop").Single(happened => (string?)happened["reason"] == "TlsWithoutSecretName");
        Assert.Equal(2, (int)told["count"]!);
    }

    [Fact]
    public async Task An_ingress_made_anew_is_told_anew()
    {
        await using World world = await World.WithCaAsync();
        for (int i = 0; i < 2; i++)
        {
            world.Apply(Samples.Ingress("web", "{hosts: [b.example.com]}"));
            await world.SettleAsync();
            world.Cluster.Delete(Ingress.Type, new ObjectKey("shop", "web"));
            await world.SettleAsync();
        }

        Assert.Equal(["TlsWithoutSecretName", "TlsWithoutSecretName"], world.EventReasons("Ingress", "web").Where(reason => reason != "NoClass"));
    }

    [Fact]
    public async Task A_certificate_that_may_not_be_written_is_told_and_tried_again()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using World world = await World.WithCaAsync(time: time);
        world.Cluster.Faults.FailNext("patch", Certificate.Type, KubeFailure.Forbidden);
        world.Apply(Samples.Ingress("web", OneTls));
        await world.SettleAsync();
        world.IsToldOnIngress("web", "CertificateForbidden", "Certificate a", "RBAC");

        time.Advance(TimeSpan.FromMinutes(1));
        await world.SettleAsync();
        await world.IsReadyAsync("a");
    }

    [Fact]
    public async Task A_certificate_made_by_somebody_else_in_the_same_moment_is_left_alone()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using World world = await World.WithCaAsync(time: time);
        world.Cluster.Faults.BeforeNext("patch", Certificate.Type, () => world.Apply(Samples.Certificate("a", "duration: 24h")));
        world.Apply(Samples.Ingress("web", "{hosts: [other.example.com], secretName: a}"));
        await world.SettleAsync();
        time.Advance(TimeSpan.FromSeconds(30));
        await world.SettleAsync();

        Assert.Equal(["a.example.com"], (await world.CertificateAsync("a")).Spec!.DnsNames);
        Assert.Contains("CertificateNotOurs", world.EventReasons("Ingress", "web"));
    }

    private static string Hosts(int first, int count)
        => string.Join(", ", Enumerable.Range(first, count).Select(i => $"h{i.ToString(CultureInfo.InvariantCulture)}.example.com"));

    private static bool IsWrite(ApiRequest request) => request.Verb is "create" or "update" or "patch" or "delete";
}
