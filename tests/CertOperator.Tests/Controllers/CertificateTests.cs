using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Pki.Formats;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers;

public class CertificateTests
{
    [Fact]
    public async Task A_certificate_costs_two_writes_and_one_event()
    {
        await using World world = await World.WithCaAsync();
        world.Cluster.Requests.Clear();
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();

        Assert.Equal("True", (await world.ReadyAsync("web")).Status);
        string[] writes = [.. world.Cluster.Requests.Counts.Where(entry => entry.Key.Verb is "patch" or "update" or "delete").Select(entry => $"{entry.Key.Resource}/{entry.Key.Subresource} {entry.Value}").Order()];
        Assert.Equal(["certificates/status 1", "secrets/ 1"], writes);
        Assert.Equal(["Issued"], world.EventReasons("Certificate", "web"));
    }

    [Fact]
    public async Task Two_hundred_certificates_cost_two_writes_each()
    {
        await using World world = await World.WithCaAsync();
        world.Cluster.Requests.Clear();
        for (int i = 0; i < 200; i++)
            world.Apply(Samples.Certificate($"web-{i}"));
        await world.SettleAsync();

        Assert.Equal(200, world.Cluster.Requests.Counts.Where(entry => entry.Key is { Verb: "patch", Resource: "secrets" }).Sum(entry => entry.Value));
        Assert.Equal(200, world.Cluster.Requests.Counts.Where(entry => entry.Key is { Verb: "patch", Resource: "certificates", Subresource: "status" }).Sum(entry => entry.Value));
        Assert.Equal("True", (await world.ReadyAsync("web-199")).Status);
    }

    [Theory]
    [InlineData("renewBefore: 3000h", "InvalidSpec", "renewBefore 3000h is not shorter")]
    [InlineData("renewBeforePercentage: 100", "InvalidSpec", "out of range")]
    [InlineData("renewBefore: 1h, renewBeforePercentage: 50", "InvalidSpec", "exclude each other")]
    [InlineData("commonName: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "InvalidSpec", "64")]
    [InlineData("ipAddresses: [300.1.1.1]", "InvalidSpec", "300.1.1.1")]
    public async Task A_spec_that_breaks_a_rule_is_told_in_a_condition_and_an_event(string more, string reason, string sentence)
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("bad", more));
        await world.SettleAsync();

        var ready = await world.ReadyAsync("bad");
        Assert.Equal("False", ready.Status);
        Assert.Equal(reason, ready.Reason);
        Assert.Contains(sentence, ready.Message, StringComparison.Ordinal);
        Assert.Contains(reason, world.EventReasons("Certificate", "bad"));
        Assert.Null(await world.FindSecretAsync("bad"));
    }

    [Fact]
    public async Task An_unknown_issuer_is_named_and_its_appearance_is_noticed()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web", issuer: "later"));
        await world.SettleAsync();
        Assert.Equal("IssuerNotFound", (await world.ReadyAsync("web")).Reason);

        world.Apply("""
            apiVersion: certoperator.io/v1
            kind: Issuer
            metadata: {name: later, namespace: shop}
            spec: {ca: {secretName: root}}
            """);
        await world.SettleAsync();
        Assert.Equal("True", (await world.ReadyAsync("web")).Status);
    }

    [Fact]
    public async Task A_deleted_secret_is_made_again()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        world.Cluster.Delete(Secret.Type, new ObjectKey("shop", "web"));
        await world.SettleAsync();

        Assert.NotNull(await world.FindSecretAsync("web"));
        Assert.Equal(2, (await world.CertificateAsync("web")).Status!.Revision);
    }

    [Fact]
    public async Task An_edited_key_is_put_right()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web"));
        world.Apply(Samples.Certificate("other"));
        await world.SettleAsync();
        byte[] foreign = (await world.SecretAsync("other")).Data!["tls.key"];
        world.Cluster.Patch(Secret.Type, new ObjectKey("shop", "web"), new JsonObject { ["data"] = new JsonObject { ["tls.key"] = Convert.ToBase64String(foreign) } });
        await world.SettleAsync();

        Secret mended = await world.SecretAsync("web");
        Assert.NotEqual(foreign, mended.Data!["tls.key"]);
        Assert.Equal("True", (await world.ReadyAsync("web")).Status);
    }

    [Fact]
    public async Task A_changed_template_reaches_the_secret_without_a_new_certificate()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        byte[] before = (await world.SecretAsync("web")).Data!["tls.crt"];
        world.Apply(Samples.Certificate("web", "secretTemplate: {labels: {team: a}}, additionalOutputFormats: [{type: CombinedPEM}]"));
        await world.SettleAsync();

        Secret after = await world.SecretAsync("web");
        Assert.Equal("a", after.Metadata.Labels!["team"]);
        Assert.Equal(before, after.Data!["tls.crt"]);
        Assert.True(after.Data.ContainsKey("tls-combined.pem"));
    }

    [Fact]
    public async Task A_new_ca_has_its_leaves_issued_again()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        world.Cluster.Delete(Secret.Type, new ObjectKey("shop", "root"));
        await world.SettleAsync();

        var root = Pem.ReadCertificates((await world.SecretAsync("root")).Data!["tls.crt"])[0];
        var leaf = Pem.ReadCertificates((await world.SecretAsync("web")).Data!["tls.crt"])[0];
        Assert.True(leaf.IsSignedBy(root));
    }

    [Fact]
    public async Task A_secret_that_satisfies_the_spec_is_adopted_without_a_new_certificate()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        Secret made = await world.SecretAsync("web");
        world.Cluster.Delete(Certificate.Type, new ObjectKey("shop", "web"));
        world.Cluster.Delete(Secret.Type, new ObjectKey("shop", "web"));
        await world.SettleAsync();
        world.Cluster.Apply(
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Secret",
                ["metadata"] = new JsonObject { ["name"] = "web", ["namespace"] = "shop" },
                ["type"] = Secret.TlsType,
                ["data"] = new JsonObject(made.Data!.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Convert.ToBase64String(entry.Value)))),
            },
            "somebody");
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();

        Assert.Equal("True", (await world.ReadyAsync("web")).Status);
        Assert.Equal(made.Data!["tls.crt"], (await world.SecretAsync("web")).Data!["tls.crt"]);
        Assert.Contains("Adopted", world.EventReasons("Certificate", "web"));
        Assert.Null((await world.CertificateAsync("web")).Status!.Revision);
    }

    [Fact]
    public async Task The_younger_of_two_certificates_with_one_secret_is_refused()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("first"));
        world.Apply(Samples.Certificate("second").Replace("secretName: second", "secretName: first", StringComparison.Ordinal));
        await world.SettleAsync();

        Assert.Equal("True", (await world.ReadyAsync("first")).Status);
        Assert.Equal("SecretNameTaken", (await world.ReadyAsync("second")).Reason);
    }
}
