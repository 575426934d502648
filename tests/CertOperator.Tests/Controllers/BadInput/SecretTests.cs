using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers.BadInput;

/// <summary>Secrets that stand in the way, and Certificates that want the same one.</summary>
public class SecretTests
{
    [Fact]
    public async Task An_opaque_secret_is_named_kept_and_its_removal_noticed_within_half_a_minute()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using World world = await World.WithCaAsync(time: time);
        world.Apply("""
            apiVersion: v1
            kind: Secret
            metadata: {name: web, namespace: shop}
            type: Opaque
            data: {password: c2VjcmV0}
            """);
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        await world.IsRefusedAsync("web", "SecretWrongType", "shop/web", "type Opaque", "delete it, or choose another secretName");

        // However long it stands there, it costs one look each time and no new certificate.
        for (int i = 0; i < 40; i++)
        {
            time.Advance(TimeSpan.FromSeconds(30));
            await world.SettleAsync();
        }

        Assert.Equal(1, (await world.CertificateAsync("web")).Status!.FailedIssuanceAttempts);
        Assert.Single(world.Events("Certificate", "web"));
        Assert.Equal(["password"], (await world.SecretAsync("web")).Data!.Keys);

        world.Cluster.Delete(Secret.Type, new ObjectKey("shop", "web"));
        await world.BecomesReadyAsync("web", time);
    }

    [Theory]
    [InlineData("annotations: {cert-manager.io/certificate-name: old-web}", "cert-manager's Certificate old-web")]
    [InlineData("labels: {app.kubernetes.io/managed-by: Helm}", "belongs to Helm")]
    [InlineData("ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: keeper, uid: UID, controller: true}]", "ConfigMap keeper")]
    [InlineData("labels: {team: a}", "somebody else")]
    public async Task A_key_pair_of_somebody_else_is_never_overwritten_and_whose_it_is_is_told(string metadata, string whose)
    {
        await using World world = await World.WithCaAsync();
        JsonObject keeper = world.Cluster.Apply(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = "keeper", ["namespace"] = "shop" },
        });
        JsonObject theirs = CaSecrets.Good("web");
        var more = Runtime.Yaml.YamlReader.Read(metadata.Replace("UID", (string)keeper["metadata"]!["uid"]!, StringComparison.Ordinal)).Single().Root;
        foreach (var (name, value) in more)
            theirs["metadata"]![name] = value!.DeepClone();
        world.Cluster.Apply(theirs);
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();

        await world.IsRefusedAsync("web", "SecretOwnedByOther", "shop/web", whose, "choose another secretName, or delete that Secret");
        Assert.Equal((string)theirs["data"]!["tls.crt"]!, Convert.ToBase64String((await world.SecretAsync("web")).Data!["tls.crt"]));
        Assert.Null((await world.CertificateAsync("web")).Status!.NotAfter);

        world.Cluster.Delete(Secret.Type, new ObjectKey("shop", "web"));
        await world.SettleAsync();
        await world.IsReadyAsync("web");
    }

    [Fact]
    public async Task Of_several_certificates_with_one_secret_the_oldest_has_it_and_the_others_name_it()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using World world = await World.WithCaAsync(time: time);
        foreach (string name in (string[])["m-first", "z-second", "a-third"])
        {
            world.Apply(Samples.Certificate(name).Replace($"secretName: {name}", "secretName: common", StringComparison.Ordinal));
            time.Advance(TimeSpan.FromSeconds(2));
        }

        await world.SettleAsync();
        Assert.Equal("True", (await world.ReadyAsync("m-first")).Status);
        await world.IsRefusedAsync("z-second", "SecretNameTaken", "shop/common", "the Certificate m-first", "delete m-first");
        await world.IsRefusedAsync("a-third", "SecretNameTaken", "the Certificate m-first");
        Assert.Null((await world.CertificateAsync("a-third")).Status!.NotAfter);

        world.Cluster.Delete(Certificate.Type, new ObjectKey("shop", "m-first"));
        await world.SettleAsync();
        Assert.Equal("True", (await world.ReadyAsync("z-second")).Status);
        await world.IsRefusedAsync("a-third", "SecretNameTaken", "the Certificate z-second");
        Assert.Equal("z-second", (await world.SecretAsync("common")).Metadata.Labels![Labels.Certificate]);
    }

    [Fact]
    public async Task Certificates_of_the_same_second_are_told_apart_by_name()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using World world = await World.WithCaAsync(time: time);
        foreach (string name in (string[])["b", "a", "c"])
            world.Apply(Samples.Certificate(name).Replace($"secretName: {name}", "secretName: common", StringComparison.Ordinal));
        await world.SettleAsync();

        Assert.Equal("True", (await world.ReadyAsync("a")).Status);
        await world.IsRefusedAsync("b", "SecretNameTaken", "the Certificate a");
        await world.IsRefusedAsync("c", "SecretNameTaken", "the Certificate a");
    }

    [Fact]
    public async Task A_write_that_is_forbidden_is_told_and_tried_again()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using World world = await World.WithCaAsync(time: time);
        world.Cluster.Faults.FailNext("patch", Secret.Type, KubeFailure.Forbidden);
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        await world.IsRefusedAsync("web", "SecretForbidden", "shop/web", "RBAC", "quotas", "admission webhooks");
        Assert.NotNull((await world.CertificateAsync("web")).Status!.NextAttemptTime);

        await world.BecomesReadyAsync("web", time);
        Assert.Null((await world.CertificateAsync("web")).Status!.NextAttemptTime);
    }

    [Fact]
    public async Task Who_waits_for_the_issuer_announces_no_attempt_and_makes_one_as_soon_as_it_is_ready()
    {
        await using World world = await World.WithCaAsync();
        world.Cluster.Faults.FailNext("patch", Secret.Type, KubeFailure.Forbidden);
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        world.Apply("""
            apiVersion: certoperator.io/v1
            kind: Issuer
            metadata: {name: ca, namespace: shop}
            spec: {ca: {secretName: nowhere}}
            """);
        await world.SettleAsync();
        await world.IsRefusedAsync("web", "IssuerNotReady", "shop/nowhere");
        Assert.Null((await world.CertificateAsync("web")).Status!.NextAttemptTime);

        world.Apply(Samples.Ca);
        await world.SettleAsync();
        await world.IsReadyAsync("web");
    }

    [Fact]
    public async Task A_keystore_password_that_is_missing_is_told_by_secret_and_key()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using World world = await World.WithCaAsync(time: time);
        world.Apply(Samples.Certificate("web", "keystores: {pkcs12: {create: true, passwordSecretRef: {name: store, key: word}}}"));
        await world.SettleAsync();
        await world.IsRefusedAsync("web", "KeystorePasswordMissing", "shop/store", "key word");

        string password = Convert.ToBase64String(Encoding.UTF8.GetBytes(12345.ToString(CultureInfo.InvariantCulture)));
        world.Apply($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: store, namespace: shop}
            data: {word: {{password}}}
            """);
        await world.BecomesReadyAsync("web", time);
    }
}
