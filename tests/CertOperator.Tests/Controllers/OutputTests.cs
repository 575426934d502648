using System.Security.Cryptography;
using System.Text;
using CertOperator.Api;

namespace CertOperator.Controllers;

/// <summary>Formats, labels and annotations of the Secret: they follow the spec without a new certificate.</summary>
public class OutputTests
{
    [Theory]
    [InlineData("")]
    [InlineData("privateKey: {algorithm: RSA, encoding: PKCS1}, ")]
    public async Task Der_holds_the_key_in_pkcs8_and_combined_pem_the_key_then_the_chain(string key)
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web", key + "additionalOutputFormats: [{type: DER}, {type: CombinedPEM}]"));
        await world.SettleAsync();

        IReadOnlyDictionary<string, byte[]> data = (await world.SecretAsync("web")).Data!;
        using AsymmetricAlgorithm fromPem = key.Length == 0 ? ECDsa.Create() : RSA.Create();
        using AsymmetricAlgorithm fromDer = key.Length == 0 ? ECDsa.Create() : RSA.Create();
        fromPem.ImportFromPem(Encoding.UTF8.GetString(data["tls.key"]));
        fromDer.ImportPkcs8PrivateKey(data["key.der"], out int read);
        Assert.Equal(data["key.der"].Length, read);
        Assert.Equal(fromPem.ExportSubjectPublicKeyInfo(), fromDer.ExportSubjectPublicKeyInfo());
        Assert.Equal([.. data["tls.key"], .. data["tls.crt"]], data["tls-combined.pem"]);
    }

    [Fact]
    public async Task A_format_that_is_wanted_no_more_leaves_the_secret()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web", "additionalOutputFormats: [{type: DER}, {type: CombinedPEM}]"));
        await world.SettleAsync();
        byte[] leaf = (await world.SecretAsync("web")).Data!["tls.crt"];

        world.Apply(Samples.Certificate("web", "additionalOutputFormats: [{type: DER}]"));
        await world.SettleAsync();
        Secret secret = await world.SecretAsync("web");
        Assert.Equal(["ca.crt", "key.der", "tls.crt", "tls.key"], secret.Data!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(leaf, secret.Data["tls.crt"]);
    }

    [Fact]
    public async Task Labels_and_annotations_of_the_template_are_added_changed_and_removed()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web", "secretTemplate: {labels: {team: a, tier: front}, annotations: {note: one} }"));
        await world.SettleAsync();
        Secret first = await world.SecretAsync("web");
        Assert.Equal(("a", "front", "one"), (first.Metadata.Labels!["team"], first.Metadata.Labels["tier"], first.Metadata.Annotations!["note"]));

        world.Apply(Samples.Certificate("web", "secretTemplate: {labels: {team: b}, annotations: {note: two} }"));
        await world.SettleAsync();
        Secret second = await world.SecretAsync("web");
        Assert.Equal(("b", "two"), (second.Metadata.Labels!["team"], second.Metadata.Annotations!["note"]));
        Assert.False(second.Metadata.Labels.ContainsKey("tier"));

        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        Secret third = await world.SecretAsync("web");
        Assert.False(third.Metadata.Labels!.ContainsKey("team"));
        Assert.False(third.Metadata.Annotations!.ContainsKey("note"));
        Assert.Equal(first.Data!["tls.crt"], third.Data!["tls.crt"]);
    }

    [Fact]
    public async Task A_label_of_the_template_that_somebody_removed_comes_back()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web", "secretTemplate: {labels: {team: a} }"));
        await world.SettleAsync();
        world.Cluster.Patch(Secret.Type, new("shop", "web"), System.Text.Json.Nodes.JsonNode.Parse("""{"metadata": {"labels": {"team": null}}}""")!.AsObject());
        await world.SettleAsync();
        Assert.Equal("a", (await world.SecretAsync("web")).Metadata.Labels!["team"]);
    }
}
