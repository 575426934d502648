using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Tests.Kinds;

namespace CertOperator.Runtime.Tests.Client;

public abstract partial class KubeClientContract
{
    [Theory]
    [InlineData("""{"color":"red"}""", "spec.size")]
    [InlineData("""{"size":0}""", "spec.size")]
    [InlineData("""{"size":11}""", "spec.size")]
    [InlineData("""{"size":"large"}""", "spec.size")]
    [InlineData("""{"size":1,"color":"green"}""", "spec.color")]
    [InlineData("""{"size":1,"label":"UPPER"}""", "spec.label")]
    public async Task What_breaks_the_schema_is_Invalid_and_the_field_is_named(string spec, string field)
    {
        await Client.CreateAsync(NewWidget("one"), Cancel);
        var patch = new JsonObject { ["spec"] = JsonNode.Parse(spec) };
        if (!spec.Contains("size", StringComparison.Ordinal)) patch["spec"]!["size"] = null;

        var refusal = await RefusedAsync(KubeFailure.Invalid, () => Client.PatchAsync<Widget>(Key("one"), patch, Cancel));

        Assert.Contains(field, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spec_that_the_schema_requires_must_be_there()
        => await RefusedAsync(KubeFailure.Invalid, () => Client.CreateAsync(new Widget { Metadata = Meta("one") }, Cancel));

    [Fact]
    public async Task Fields_that_the_schema_does_not_know_are_pruned()
    {
        await Client.CreateAsync(NewWidget("one"), Cancel);
        var before = await Client.FindAsync<Widget>(Key("one"), Cancel);

        var patched = await Client.PatchAsync<Widget>(Key("one"), new JsonObject { ["spec"] = new JsonObject { ["unknown"] = "x" } }, Cancel);

        Assert.Equal(before?.Metadata.ResourceVersion, patched.Metadata.ResourceVersion);
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("under_score")]
    [InlineData("-dash")]
    public async Task A_name_that_Kubernetes_does_not_allow_is_Invalid(string name)
        => await RefusedAsync(KubeFailure.Invalid, () => Client.CreateAsync(Config(name, "v"), Cancel));

    [Fact]
    public async Task A_label_that_Kubernetes_does_not_allow_is_Invalid()
        => await RefusedAsync(
            KubeFailure.Invalid,
            () => Client.CreateAsync(
                new ConfigMap { Metadata = Meta("one") with { Labels = new Dictionary<string, string> { ["a"] = "no spaces" } } }, Cancel));

    [Fact]
    public async Task A_TLS_Secret_needs_both_its_parts()
        => await RefusedAsync(
            KubeFailure.Invalid,
            () => Client.CreateAsync(TlsSecret("tls") with { Data = new Dictionary<string, byte[]> { ["tls.crt"] = [1] } }, Cancel));

    [Fact]
    public async Task The_type_of_a_Secret_cannot_be_changed()
    {
        await Client.CreateAsync(TlsSecret("tls"), Cancel);

        await RefusedAsync(KubeFailure.Invalid, () => Client.PatchAsync<Secret>(Key("tls"), new JsonObject { ["type"] = "Opaque" }, Cancel));
    }

    [Fact]
    public async Task Key_material_of_a_refused_Secret_is_not_in_the_exception()
    {
        using var key = System.Security.Cryptography.ECDsa.Create();
        var pem = key.ExportPkcs8PrivateKeyPem();
        var secret = TlsSecret("tls") with { Data = new Dictionary<string, byte[]> { ["tls.key"] = System.Text.Encoding.ASCII.GetBytes(pem) } };

        var refusal = (await RefusedAsync(KubeFailure.Invalid, () => Client.CreateAsync(secret, Cancel))).ToString();

        Assert.DoesNotContain("PRIVATE KEY", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(secret.Data["tls.key"])[..24], refusal, StringComparison.Ordinal);
        Assert.All(pem.Split('\n')[1..^1], line => Assert.DoesNotContain(line, refusal, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_field_of_a_full_Ingress_is_lost_by_our_partial_record()
    {
        var spec = JsonNode.Parse("""
            {
              "ingressClassName": "nginx",
              "defaultBackend": {"service": {"name": "fallback", "port": {"number": 80}}},
              "tls": [{"hosts": ["a.example.com"], "secretName": "a-tls"}],
              "rules": [{"host": "a.example.com", "http": {"paths": [
                {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "web", "port": {"name": "http"}}}}]}}]
            }
            """)!.AsObject();
        var metadata = Meta("web") with { Annotations = new Dictionary<string, string> { ["foreign"] = "kept" }, Labels = new Dictionary<string, string> { ["app"] = "web" } };
        await Client.CreateAsync(new WholeIngress { Metadata = metadata, Spec = spec }, Cancel);

        await Client.ApplyAsync(
            new Ingress { Metadata = Meta("web") with { Annotations = new Dictionary<string, string> { ["ours"] = "added" } } }, "ours", true, Cancel);
        await Client.PatchAsync<Ingress>(Key("web"), Label("other"), Cancel);

        var found = (await Client.FindAsync<WholeIngress>(Key("web"), Cancel))!;
        Assert.True(JsonNode.DeepEquals(spec, found.Spec));
        Assert.Equal(new Dictionary<string, string> { ["foreign"] = "kept", ["ours"] = "added" }, found.Metadata.Annotations);
        Assert.Equal("other", found.Metadata.Labels?["app"]);
    }

    [Fact]
    public async Task No_field_of_a_full_Secret_is_lost_by_our_partial_record()
    {
        var full = TlsSecret("tls");
        await Client.CreateAsync(
            full with
            {
                Metadata = Meta("tls") with { Annotations = new Dictionary<string, string> { ["foreign"] = "kept" }, Finalizers = ["tests.example.com/hold"] },
                Data = new Dictionary<string, byte[]>(full.Data!) { ["truststore"] = [7, 8, 9] },
            },
            Cancel);

        var applied = await Client.ApplyAsync(full with { Data = new Dictionary<string, byte[]> { ["tls.crt"] = [3], ["tls.key"] = [4] } }, "ours", true, Cancel);
        await Client.PatchAsync<Secret>(Key("tls"), Label("web"), Cancel);

        var found = (await Client.FindAsync<Secret>(Key("tls"), Cancel))!;
        Assert.Equal(new byte[] { 7, 8, 9 }, found.Data?["truststore"]);
        Assert.Equal(new byte[] { 3 }, found.Data?["tls.crt"]);
        Assert.Equal(("kubernetes.io/tls", "kept"), (found.SecretType, found.Metadata.Annotations?["foreign"]));
        Assert.Equal(["tests.example.com/hold"], found.Metadata.Finalizers);
        Assert.Equal(applied.Metadata.Uid, found.Metadata.Uid);
        await Client.PatchAsync<Secret>(Key("tls"), new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } }, Cancel);
    }
}
