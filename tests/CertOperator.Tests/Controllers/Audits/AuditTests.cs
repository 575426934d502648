using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Audit;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers.Audits;

/// <summary>Audits in the running operator: what has them made, what they cost and what they tell.</summary>
public sealed class AuditTests
{
    private const string Web = "{hosts: [web.example.com], secretName: web}";

    private readonly FakeTimeProvider _time = new(KeyPairFixture.Issued.AddDays(1));

    [Fact]
    public async Task An_unmanaged_Ingress_is_audited_told_once_and_mended()
    {
        await using World world = await StartAsync("key of another");
        Assert.Equal(["KeyMismatch"], world.AuditCodes("web"));
        var told = Assert.Single(world.Events("Ingress", "web"));
        Assert.Equal(("KeyMismatch", $"{Finding(world)} {AuditCodes.KeyMismatch.Remedy}"), told);

        world.Apply(Samples.Ingress("web", Web, "touched: 'yes'"));
        await world.SettleAsync();
        Assert.Single(world.Events("Ingress", "web"));

        world.Cluster.Apply(KeyPairFixture.Manifest("good"), "kubectl");
        await world.SettleAsync();
        Assert.Empty(world.AuditCodes("web"));
        Assert.Single(world.Events("Ingress", "web"));
    }

    [Fact]
    public async Task One_that_is_clean_costs_no_request()
    {
        await using World world = await StartAsync("good");
        world.Cluster.Requests.Clear();
        world.Apply(Samples.Ingress("web", Web, "touched: 'yes'"));
        await world.SettleAsync();
        Assert.Empty(world.AuditCodes("web"));
        Assert.Empty(world.Cluster.Requests.Counts);
    }

    [Fact]
    public async Task Time_alone_brings_findings()
    {
        await using World world = await StartAsync("good");
        await AfterAsync(world, TimeSpan.FromDays(68));
        Assert.Equal(["Expiring"], world.AuditCodes("web"));
        await AfterAsync(world, TimeSpan.FromDays(22));
        Assert.Equal(["Expired"], world.AuditCodes("web"));
        Assert.Equal(["Expired", "Expiring"], world.EventReasons("Ingress", "web").Order());
    }

    [Fact]
    public async Task What_is_missing_is_told_after_some_minutes_and_found_in_another_namespace_or_of_another_type()
    {
        await using World world = await StartAsync(null);
        Assert.Empty(world.AuditCodes("web"));
        JsonObject elsewhere = KeyPairFixture.Manifest("good");
        elsewhere["metadata"]!["namespace"] = "other";
        world.Cluster.Apply(elsewhere, "kubectl");
        await world.SettleAsync();
        await AfterAsync(world, TimeSpan.FromMinutes(5));
        Assert.Equal(["SecretElsewhere"], world.AuditCodes("web"));
        Assert.Contains("is in the namespace other.", Assert.Single(world.Events("Ingress", "web")).Message, StringComparison.Ordinal);

        world.Cluster.Apply(KeyPairFixture.Manifest("other host", "Opaque"), "kubectl");
        await AfterAsync(world, TimeSpan.FromMinutes(30));
        Assert.Equal(["HostNotCovered", "SecretWrongType"], world.AuditCodes("web").Order());
    }

    [Fact]
    public async Task An_Ingress_that_is_being_given_its_certificate_has_no_finding_and_neither_has_one_that_goes()
    {
        await using World world = await StartAsync(null);
        await AfterAsync(world, TimeSpan.FromMinutes(5));
        Assert.Equal(["SecretMissing"], world.AuditCodes("web"));
        world.Apply(Samples.Certificate("web", issuer: "nowhere"));
        await world.SettleAsync();
        Assert.Empty(world.AuditCodes("web"));

        world.Cluster.Delete(Certificate.Type, new ObjectKey("shop", "web"));
        await world.SettleAsync();
        Assert.Equal(["SecretMissing"], world.AuditCodes("web"));
        world.Cluster.Delete(Ingress.Type, new ObjectKey("shop", "web"));
        await world.SettleAsync();
        Assert.Empty(world.AuditCodes("web"));
    }

    [Fact]
    public async Task A_managed_Ingress_is_never_told_what_its_Certificate_tells()
    {
        await using World world = await StartAsync("other host");
        await AfterAsync(world, TimeSpan.FromMinutes(5));
        var before = world.Events("Ingress", "web");
        Assert.Equal("HostNotCovered", Assert.Single(before).Reason);
        world.Apply(Samples.Ca);
        world.Apply(Samples.Ingress("web", Web + ", {hosts: [new.example.com], secretName: new}, {hosts: [bare.example.com]}"));
        await world.SettleAsync();
        string[] told = [.. world.Events("Ingress", "web").Except(before).Select(happened => happened.Reason)];
        Assert.Contains("TlsWithoutSecretName", told);
        Assert.Empty(told.Intersect(AuditCodes.All.Select(code => code.Name)));
        Assert.Empty(world.AuditCodes("web"));
    }

    [Fact]
    public async Task What_was_told_is_not_told_again_after_a_restart()
    {
        await using World world = await StartAsync("key of another");
        await world.StopAsync();
        world.Cluster.Requests.Clear();
        await world.SettleAsync();
        Assert.Equal(["KeyMismatch"], world.AuditCodes("web"));
        Assert.DoesNotContain(world.Cluster.Requests.Counts.Keys, key => key.ToString()!.StartsWith("Create", StringComparison.Ordinal));
        Assert.Single(world.Events("Ingress", "web"));
    }

    private static string Finding(World world) => Assert.Single(Assert.Single(world.Operator.AuditFindings).Findings).Sentence;

    /// <summary>A running operator, a class that serves, and an Ingress of nobody's whose Secret holds this.</summary>
    private async Task<World> StartAsync(string? content)
    {
        var world = new World(time: _time);
        world.Apply("""
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: nginx, annotations: {ingressclass.kubernetes.io/is-default-class: "true"} }
            spec: {controller: example.com/nginx}
            """);
        if (content is not null)
            world.Cluster.Apply(KeyPairFixture.Manifest(content), "kubectl");
        world.Apply(Samples.Ingress("web", Web, ""));
        world.Cluster.Patch(Ingress.Type, new ObjectKey("shop", "web"), JsonNode.Parse("""{"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}}""")!.AsObject(), "status");
        await world.SettleAsync();
        return world;
    }

    private async Task AfterAsync(World world, TimeSpan span)
    {
        _time.Advance(span);
        await world.SettleAsync();
    }
}
