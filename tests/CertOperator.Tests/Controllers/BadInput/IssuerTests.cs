using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Pki.Requests;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers.BadInput;

/// <summary>Issuers that are not there or cannot sign: told on the issuer and on the Certificate, and healed when they can.</summary>
public class IssuerTests
{
    private const string Issuer = """
        apiVersion: certoperator.io/v1
        kind: Issuer
        metadata: {name: own, namespace: shop}
        spec: {ca: {secretName: ca-key}}
        """;

    public static TheoryData<string, string[]> BadCas => new()
    {
        { nameof(CaSecrets.NotCa), ["NotCa", "is not a CA"] },
        { nameof(CaSecrets.KeyMismatch), ["KeyMismatch", "does not belong"] },
        { nameof(CaSecrets.WithoutCertSign), ["LacksCertSign", "cert sign"] },
        { nameof(CaSecrets.WithStrangeRoot), ["UntrustedAnchor", "ca.crt"] },
        { "expired", ["Expired", "expired at"] },
        { "garbage", ["CaSecretUnusable", "holds no usable key pair", "PEM"] },
        { "large", ["CaSecretUnusable", "holds no certificate"] },
        { "half", ["CaSecretUnusable", "holds no usable key pair"] },
        { "empty", ["CaSecretUnusable", "tls.crt"] },
        { "opaque", ["CaSecretWrongType", "has type Opaque", "kubernetes.io/tls"] },
        { "missing", ["CaSecretMissing", "does not exist", "tls.crt and tls.key"] },
    };

    [Theory]
    [MemberData(nameof(BadCas))]
    public async Task A_ca_that_cannot_sign_is_told_on_issuer_and_certificate_and_its_mend_is_noticed(string quality, string[] told)
    {
        await using World world = new();
        if (Bad(quality) is { } bad)
            world.Cluster.Apply(bad);
        world.Apply(Issuer);
        world.Apply(Samples.Certificate("web", issuer: "own"));
        await world.SettleAsync();

        Condition issuer = await ReadyAsync(world);
        Assert.Equal((ConditionTypes.False, told[0]), (issuer.Status, issuer.Reason));
        Assert.All(told.Skip(1).Append("shop/ca-key"), part => Assert.True(issuer.Message.Contains(part, StringComparison.Ordinal), issuer.Message));
        Assert.Contains((told[0], issuer.Message), world.Events("Issuer", "own"));
        await world.IsRefusedAsync("web", "IssuerNotReady", "Issuer/own is not ready", "shop/ca-key");
        Assert.Null(await world.FindSecretAsync("web"));

        if (world.Cluster.Find(Secret.Type, new ObjectKey("shop", "ca-key")) is not null)
            world.Cluster.Delete(Secret.Type, new ObjectKey("shop", "ca-key"));
        world.Cluster.Apply(CaSecrets.Good());
        await world.SettleAsync();
        await world.IsReadyAsync("web");
    }

    [Fact]
    public async Task A_ca_that_breaks_leaves_its_certificates_as_they_are()
    {
        await using World world = new();
        world.Cluster.Apply(CaSecrets.Good());
        world.Apply(Issuer);
        world.Apply(Samples.Certificate("web", issuer: "own"));
        await world.SettleAsync();
        byte[] former = (await world.SecretAsync("web")).Data!["tls.crt"];

        world.Cluster.Apply(CaSecrets.Of("garbage", "garbage"));
        await world.SettleAsync();
        Assert.Equal("CaSecretUnusable", (await ReadyAsync(world)).Reason);
        await world.IsReadyAsync("web");
        Assert.Equal(former, (await world.SecretAsync("web")).Data!["tls.crt"]);
    }

    [Fact]
    public async Task A_ca_secret_made_with_the_wrong_type_is_noticed_though_nobody_watches_it()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using World world = new(time: time);
        world.Apply(Issuer);
        await world.SettleAsync();
        Assert.Equal("CaSecretMissing", (await ReadyAsync(world)).Reason);

        world.Cluster.Apply(Bad("opaque")!);
        time.Advance(TimeSpan.FromSeconds(30));
        await world.SettleAsync();
        Assert.Equal("CaSecretWrongType", (await ReadyAsync(world)).Reason);
    }

    [Fact]
    public async Task A_ca_of_the_future_signs_when_its_time_has_come()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using World world = new(time: time);
        world.Cluster.Apply(CaSecrets.Good(now: time.GetUtcNow().AddHours(2)));
        world.Apply(Issuer);
        world.Apply(Samples.Certificate("web", issuer: "own"));
        await world.SettleAsync();
        Assert.Equal("NotYetValid", (await ReadyAsync(world)).Reason);

        time.Advance(TimeSpan.FromHours(2));
        await world.SettleAsync();
        await world.IsReadyAsync("web");
    }

    [Fact]
    public async Task A_ca_that_expires_while_the_operator_runs_is_told()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using World world = new(time: time);
        world.Cluster.Apply(CaSecrets.Good(duration: TimeSpan.FromDays(1)));
        world.Apply(Issuer);
        await world.SettleAsync();
        Assert.Equal("Ready", (await ReadyAsync(world)).Reason);

        time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(2));
        await world.SettleAsync();
        Assert.Equal("Expired", (await ReadyAsync(world)).Reason);
    }

    [Fact]
    public async Task A_life_cut_short_by_the_ca_is_issued_and_told()
    {
        await using World world = new();
        world.Cluster.Apply(CaSecrets.Good(duration: TimeSpan.FromDays(30)));
        world.Apply(Issuer);
        world.Apply(Samples.Certificate("web", "duration: 2160h", issuer: "own"));
        await world.SettleAsync();

        await world.IsReadyAsync("web");
        Certificate web = await world.CertificateAsync("web");
        Assert.Equal((await world.Client.FindAsync<Issuer>(new ObjectKey("shop", "own"), CancellationToken.None))!.Status!.Ca!.NotAfter, web.Status!.NotAfter);
        const string Sentence = "The CA of Issuer/own ends then, sooner than the 2160h that the spec asks for: renew the CA.";
        Assert.Contains(Sentence, (await world.ReadyAsync("web")).Message, StringComparison.Ordinal);
        Assert.Contains(Sentence, Assert.Single(world.Events("Certificate", "web")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_one_ca_refuses_is_tried_at_once_with_the_next()
    {
        await using World world = new();
        world.Cluster.Apply(CaSecrets.Good(constraints: new NameConstraints { Critical = true, Permitted = new NameSubtrees { DnsDomains = ["example.net"] } }));
        world.Apply(Issuer);
        world.Apply(Samples.Certificate("web", issuer: "own"));
        await world.SettleAsync();
        await world.IsRefusedAsync("web", "CaRefused", "shop/ca-key", "web.example.com");

        world.Cluster.Apply(CaSecrets.Good());
        await world.SettleAsync();
        await world.IsReadyAsync("web");
    }

    [Fact]
    public async Task An_issuer_of_another_namespace_is_no_help_and_the_namespace_is_not_told()
    {
        await using World world = new();
        world.Cluster.Apply(CaSecrets.Good());
        world.Apply(Issuer.Replace("namespace: shop", "namespace: elsewhere", StringComparison.Ordinal));
        world.Apply(Samples.Certificate("web", issuer: "own"));
        await world.SettleAsync();
        string message = await world.IsRefusedAsync("web", "IssuerNotFound", "no Issuer \"own\" in namespace shop", "another namespace", "use a ClusterIssuer");
        Assert.DoesNotContain("elsewhere", message, StringComparison.Ordinal);

        world.Apply(Issuer);
        await world.SettleAsync();
        await world.IsReadyAsync("web");
    }

    [Fact]
    public async Task A_cluster_issuer_is_told_apart_and_its_secret_is_looked_for_where_the_operator_is()
    {
        await using World world = new();
        world.Apply("""
            apiVersion: certoperator.io/v1
            kind: ClusterIssuer
            metadata: {name: own}
            spec: {ca: {secretName: ca-key}}
            """);
        world.Apply(Samples.Certificate("web", issuer: "own"));
        world.Apply(Samples.Certificate("api", issuer: "own, kind: ClusterIssuer"));
        await world.SettleAsync();

        await world.IsRefusedAsync("web", "IssuerNotFound", "a ClusterIssuer of that name", "set issuerRef.kind");
        await world.IsRefusedAsync("api", "IssuerNotReady", "cert-operator/ca-key does not exist", "operator's own namespace");
    }

    [Theory]
    [InlineData("{}", "set acme, ca or selfSigned")]
    [InlineData("{ca: {secretName: a}, selfSigned: {}}", "only one")]
    [InlineData("{ca: {secretName: ../root}}", "ca.secretName \"../root\"")]
    public async Task An_issuer_whose_spec_breaks_a_rule_is_told(string spec, string named)
    {
        await using World world = new();
        world.Apply(Issuer.Replace("{ca: {secretName: ca-key}}", spec, StringComparison.Ordinal));
        await world.SettleAsync();

        Condition ready = await ReadyAsync(world);
        Assert.Equal("InvalidSpec", ready.Reason);
        Assert.Contains(named, ready.Message, StringComparison.Ordinal);
        Assert.Empty(world.Log.Lines);
    }

    private static async Task<Condition> ReadyAsync(World world)
        => Conditions.Find((await world.Client.FindAsync<Issuer>(new ObjectKey("shop", "own"), CancellationToken.None))?.Status?.Conditions, ConditionTypes.Ready)
            ?? throw new InvalidOperationException("The Issuer own has no condition Ready.");

    private static JsonObject? Bad(string quality) => quality switch
    {
        nameof(CaSecrets.NotCa) => CaSecrets.NotCa(),
        nameof(CaSecrets.KeyMismatch) => CaSecrets.KeyMismatch(),
        nameof(CaSecrets.WithoutCertSign) => CaSecrets.WithoutCertSign(),
        nameof(CaSecrets.WithStrangeRoot) => CaSecrets.WithStrangeRoot(),
        "expired" => CaSecrets.Good(duration: TimeSpan.FromDays(1), now: TimeProvider.System.GetUtcNow().AddDays(-2)),
        "garbage" => CaSecrets.Of("\0\u0001 garbage", "{}"),
        "large" => CaSecrets.Of(new string('a', 500_000), new string('b', 500_000)),
        "half" => CaSecrets.Of("-----BEGIN CERTIFICATE-----\nMIIB", "-----BEGIN PRIVATE KEY-----\nMIIB"),
        "empty" => CaSecrets.Of("", ""),
        "opaque" => CaSecrets.Secret("ca-key", Encoding.UTF8.GetBytes("a"), Encoding.UTF8.GetBytes("b"), "Opaque"),
        _ => null,
    };
}
