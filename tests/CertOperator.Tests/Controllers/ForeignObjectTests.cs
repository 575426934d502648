using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers;

/// <summary>What belongs to others is not changed.</summary>
public class ForeignObjectTests
{
    private static readonly ObjectKey Web = new("shop", "web");

    [Fact]
    public async Task What_others_put_into_the_secret_survives_a_rewrite_and_a_new_certificate()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        byte[] leaf = (await world.SecretAsync("web")).Data!["tls.crt"];
        world.Cluster.Patch(Secret.Type, Web, JsonNode.Parse("""
            {"metadata": {"labels": {"team": "a"}, "annotations": {"reloader": "on"}}, "data": {"dhparam.pem": "YWJj"}}
            """)!.AsObject());
        await world.SettleAsync();
        Assert.Equal(leaf, (await world.SecretAsync("web")).Data!["tls.crt"]);

        world.Apply(Samples.Certificate("web", "additionalOutputFormats: [{type: DER}]"));
        await world.SettleAsync();
        AssertForeignParts(await world.SecretAsync("web"));

        world.Apply(Samples.Certificate("web", "commonName: web.example.com"));
        await world.SettleAsync();
        Secret renewed = await world.SecretAsync("web");
        Assert.NotEqual(leaf, renewed.Data!["tls.crt"]);
        Assert.False(renewed.Data.ContainsKey("key.der"));
        AssertForeignParts(renewed);
    }

    [Fact]
    public async Task An_ingress_that_never_got_a_foreign_certificate_takes_none_along()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        world.Apply(Samples.Ingress("web", "{hosts: [other.example.com], secretName: web}"));
        await world.SettleAsync();
        world.Cluster.Delete(Ingress.Type, Web);
        await world.SettleAsync();

        Certificate certificate = await world.CertificateAsync("web");
        Assert.Equal(["web.example.com"], certificate.Spec!.DnsNames);
        Assert.Null(certificate.Metadata.OwnerReferences);
    }

    [Fact]
    public async Task A_foreign_certificate_that_goes_makes_room_for_the_ingress()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        world.Apply(Samples.Ingress("web", "{hosts: [other.example.com], secretName: web}"));
        await world.SettleAsync();
        Assert.Contains(world.Findings, finding => finding.Problem.Reason == "CertificateNotOurs");

        world.Cluster.Delete(Certificate.Type, Web);
        await world.SettleAsync();
        Assert.Equal(["other.example.com"], (await world.CertificateAsync("web")).Spec!.DnsNames);
        Assert.Equal("True", (await world.ReadyAsync("web")).Status);
        Assert.DoesNotContain(world.Findings, finding => finding.Problem.Reason == "CertificateNotOurs");
    }

    [Fact]
    public async Task A_secret_that_others_control_is_not_taken_though_it_satisfies_the_spec()
    {
        await using World world = await World.WithCaAsync();
        await PutAsideAsync(world, new JsonObject
        {
            ["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ConfigMap",
                ["name"] = "vault",
                ["uid"] = (string)world.Cluster.Create(JsonNode.Parse("""{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "vault", "namespace": "shop"}}""")!.AsObject())["metadata"]!["uid"]!,
                ["controller"] = true,
            }),
        });
        byte[] leaf = (await world.SecretAsync("web")).Data!["tls.crt"];
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();

        var ready = await world.ReadyAsync("web");
        Assert.Equal("SecretOwnedByOther", ready.Reason);
        Assert.Contains("ConfigMap vault", ready.Message, StringComparison.Ordinal);
        Assert.Equal(leaf, (await world.SecretAsync("web")).Data!["tls.crt"]);
    }

    [Fact]
    public async Task A_secret_of_cert_manager_that_does_not_satisfy_the_spec_is_left_to_it_and_told()
    {
        await using World world = await World.WithCaAsync();
        await PutAsideAsync(world, new JsonObject { ["annotations"] = new JsonObject { ["cert-manager.io/certificate-name"] = "old-web" } });
        byte[] leaf = (await world.SecretAsync("web")).Data!["tls.crt"];
        world.Apply(Samples.Certificate("web", "commonName: somebody"));
        await world.SettleAsync();

        Assert.Contains("cert-manager's Certificate old-web", (await world.ReadyAsync("web")).Message, StringComparison.Ordinal);
        Assert.Equal(leaf, (await world.SecretAsync("web")).Data!["tls.crt"]);
    }

    private static void AssertForeignParts(Secret secret)
    {
        Assert.Equal("abc"u8.ToArray(), secret.Data!["dhparam.pem"]);
        Assert.Equal("a", secret.Metadata.Labels!["team"]);
        Assert.Equal("on", secret.Metadata.Annotations!["reloader"]);
    }

    /// <summary>The Secret of a Certificate "web" as if somebody else had made it, and no Certificate.</summary>
    private static async Task PutAsideAsync(World world, JsonObject metadata)
    {
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        JsonObject made = world.Cluster.Find(Secret.Type, Web)!;
        world.Cluster.Delete(Certificate.Type, Web);
        world.Cluster.Delete(Secret.Type, Web);
        await world.SettleAsync();
        metadata["name"] = Web.Name;
        metadata["namespace"] = Web.Namespace;
        world.Cluster.Apply(
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Secret",
                ["metadata"] = metadata,
                ["type"] = Secret.TlsType,
                ["data"] = made["data"]!.DeepClone(),
            },
            "somebody");
    }
}
