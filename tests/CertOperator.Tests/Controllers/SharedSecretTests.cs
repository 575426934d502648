using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers;

/// <summary>Several Ingresses that name one Secret.</summary>
public class SharedSecretTests
{
    private const string A = "{hosts: [a.example.com], secretName: shared}";
    private const string B = "{hosts: [b.example.com], secretName: shared}";
    private const string OtherIssuer = "certoperator.io/issuer: bootstrap";

    [Fact]
    public async Task An_ingress_that_is_deleted_takes_only_its_hosts_along()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("one", A));
        world.Apply(Samples.Ingress("two", B));
        await world.SettleAsync();
        Assert.Equal(["a.example.com", "b.example.com"], (await world.CertificateAsync("shared")).Spec!.DnsNames!.Order());

        world.Cluster.Delete(Ingress.Type, new ObjectKey("shop", "one"));
        await world.SettleAsync();
        Certificate certificate = await world.CertificateAsync("shared");
        Assert.Equal(["b.example.com"], certificate.Spec!.DnsNames);
        Assert.Equal(["two"], certificate.Metadata.OwnerReferences!.Select(owner => owner.Name));
        Assert.Equal("True", (await world.ReadyAsync("shared")).Status);
    }

    [Fact]
    public async Task An_ingress_that_stops_wanting_it_takes_only_its_hosts_along_and_the_last_one_the_certificate()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("one", A));
        world.Apply(Samples.Ingress("two", B));
        await world.SettleAsync();

        world.Apply(Samples.Ingress("two", B.Replace("shared", "own", StringComparison.Ordinal)));
        await world.SettleAsync();
        Assert.Equal(["a.example.com"], (await world.CertificateAsync("shared")).Spec!.DnsNames);
        Assert.Equal(["b.example.com"], (await world.CertificateAsync("own")).Spec!.DnsNames);

        world.Apply(Samples.Ingress("one", A, ""));
        await world.SettleAsync();
        Assert.Null(await world.FindCertificateAsync("shared"));
        Assert.NotNull(await world.FindSecretAsync("shared"));
    }

    [Fact]
    public async Task Those_that_disagree_are_told_of_each_other_and_the_older_one_decides()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("one", A));
        world.Apply(Samples.Ingress("two", B, OtherIssuer));
        await world.SettleAsync();

        string first = world.Events("Ingress", "one").Single(told => told.Reason == "SourcesDisagree").Message;
        string second = world.Events("Ingress", "two").Single(told => told.Reason == "SourcesDisagree").Message;
        Assert.Contains("Ingress/two", first, StringComparison.Ordinal);
        Assert.Contains("Ingress/one", second, StringComparison.Ordinal);
        Assert.Contains("the issuer (Issuer/bootstrap here, Issuer/ca there)", second, StringComparison.Ordinal);
        Certificate certificate = await world.CertificateAsync("shared");
        Assert.Equal(["a.example.com"], certificate.Spec!.DnsNames);
        Assert.Equal("ca", certificate.Spec.IssuerRef.Name);
        Assert.Equal(["one"], certificate.Metadata.OwnerReferences!.Select(owner => owner.Name));
    }

    [Fact]
    public async Task Those_that_agree_again_share_it_and_a_later_quarrel_is_told_anew()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("one", A));
        world.Apply(Samples.Ingress("two", B, OtherIssuer));
        await world.SettleAsync();
        Assert.Equal(2, world.Findings.Count(finding => finding.Problem.Reason == "SourcesDisagree"));

        world.Apply(Samples.Ingress("two", B));
        await world.SettleAsync();
        Assert.Equal(["a.example.com", "b.example.com"], (await world.CertificateAsync("shared")).Spec!.DnsNames!.Order());
        Assert.DoesNotContain(world.Findings, finding => finding.Problem.Reason == "SourcesDisagree");

        world.Apply(Samples.Ingress("two", B, OtherIssuer));
        await world.SettleAsync();
        Assert.Equal(2, world.Findings.Count(finding => finding.Problem.Reason == "SourcesDisagree"));
    }

    [Fact]
    public async Task An_ingress_that_is_gone_is_found_fault_with_no_more()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("one", A));
        world.Apply(Samples.Ingress("two", "{secretName: shared}", OtherIssuer));
        await world.SettleAsync();
        Assert.Contains(world.Findings, finding => finding.About.Metadata.Name == "two");

        world.Cluster.Delete(Ingress.Type, new ObjectKey("shop", "two"));
        await world.SettleAsync();
        Assert.DoesNotContain(world.Findings, finding => finding.About.Metadata.Name == "two");
    }
}
