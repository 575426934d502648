using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Acme.Jose;
using CertOperator.Api;
using CertOperator.Controllers;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Issuers.Acme;

public class AccountTests
{
    private static readonly ObjectKey AccountSecret = new("shop", "acme-account");

    [Fact]
    public async Task New_terms_of_service_are_told_on_the_issuer_once()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.Server.Behaviour.NewTermsOfService = "https://ca.example/terms/2";
        await world.UntilAsync("status tells of them", async () => (await world.IssuerAsync()).Status!.Acme!.TermsOfService == "https://ca.example/terms/2", step: TimeSpan.FromMinutes(5));
        world.Time.Advance(TimeSpan.FromHours(2));
        await world.World.SettleAsync();

        var (_, message) = Assert.Single(world.World.Events("Issuer", "acme"), told => told.Reason == "TermsOfServiceChanged");
        Assert.Contains("terms/2, before https://ca.example/terms/1", message, StringComparison.Ordinal);
        Assert.Equal("True", (await world.IssuerReadyAsync())!.Status);
    }

    [Fact]
    public async Task The_key_is_stored_before_the_registration_and_used_again_when_its_answer_is_lost()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(isReady: false);
        world.Fail(AcmeEndpoint.NewAccount, AcmeFault.LostAfter(), 3);
        await world.UntilAsync("the issuer is ready", async () => (await world.IssuerReadyAsync())?.Status == "True");

        Assert.Single(world.Server.Accounts);
        AcmeStatus status = (await world.IssuerAsync()).Status!.Acme!;
        Assert.Equal(world.Server.Accounts[0].OriginalString, status.Uri);
        Assert.Equal((await KeyAsync(world)).Thumbprint, status.KeyThumbprint);
    }

    [Fact]
    public async Task A_restart_asks_for_the_account_and_writes_nothing()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        await world.World.StopAsync();
        world.World.Cluster.Requests.Clear();
        await world.World.SettleAsync();

        Assert.Empty(world.Writes());
        Assert.Single(world.Server.Accounts);
    }

    [Fact]
    public async Task A_changed_contact_reaches_the_ca_once()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.World.Apply(world.Issuer(more: "    email: ops@example.com"));
        await world.UntilAsync("the contact is known", async () => (await world.IssuerAsync()).Status!.Acme!.LastRegisteredEmail == "ops@example.com");
        Assert.Equal(1, world.Asked(AcmeEndpoint.Account));

        await world.World.StopAsync();
        await world.World.SettleAsync();
        Assert.Equal(1, world.Asked(AcmeEndpoint.Account));
    }

    [Fact]
    public async Task A_missing_key_is_not_made_where_that_is_forbidden()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(isReady: false);
        world.World.Apply(world.Issuer(more: "    disableAccountKeyGeneration: true"));
        await world.World.SettleAsync();

        Assert.Equal("AccountKeyMissing", (await world.IssuerReadyAsync())!.Reason);
        Assert.Empty(world.Server.Requests);
    }

    [Fact]
    public async Task An_external_account_is_bound_once()
    {
        string mac = Convert.ToBase64String(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        await using AcmeWorld world = await AcmeWorld.StartAsync(new FakeAcmeOptions
        {
            ExternalAccountRequired = true,
            ExternalAccountKeysAreSingleUse = true,
            ExternalAccountKeys = new Dictionary<string, string> { ["kid-1"] = mac },
        }, isReady: false);
        await world.World.SettleAsync();
        Assert.Equal("AcmeActionRequired", (await world.IssuerReadyAsync())!.Reason);

        world.World.Apply($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: eab, namespace: shop}
            type: Opaque
            data:
              secret: {{Convert.ToBase64String(Encoding.UTF8.GetBytes(mac))}}
            """);
        world.World.Apply(world.Issuer(more: "    externalAccountBinding: {keyID: kid-1, keySecretRef: {name: eab}}"));
        await world.UntilAsync("the issuer is ready", async () => (await world.IssuerReadyAsync())?.Status == "True");
        await world.World.StopAsync();
        await world.World.SettleAsync();

        Assert.Equal("True", (await world.IssuerReadyAsync())!.Status);
        Assert.Single(world.Server.Accounts);
    }

    [Fact]
    public async Task A_ca_that_forgot_everything_gets_the_same_key_again()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        string? former = (await world.IssuerAsync()).Status!.Acme!.Uri;
        world.Server.Wipe();
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilReadyAsync("web");
        await world.UntilAsync("the status tells the new account", async () => (await world.IssuerAsync()).Status!.Acme!.Uri == world.Server.Accounts[0].OriginalString);

        Assert.NotEqual(former, (await world.IssuerAsync()).Status!.Acme!.Uri);
        Assert.Single(world.Server.Accounts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_account_that_must_not_be_registered_again_is_not_whoever_finds_it_gone(bool isOperatorThere)
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(more: "    registerAgain: false");
        if (!isOperatorThere)
            await world.World.StopAsync();
        world.Server.Wipe();
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("the issuer tells", async () => (await world.IssuerReadyAsync())?.Reason == "AccountGone");
        Assert.Empty(world.Server.Accounts);
        Assert.Contains("registerAgain", (await world.World.ReadyAsync("web")).Message, StringComparison.Ordinal);

        world.World.Apply(world.Issuer().Replace("acme-account", "another-account", StringComparison.Ordinal));
        await world.UntilReadyAsync("web");
        Assert.Single(world.Server.Accounts);
    }

    [Theory]
    [InlineData("https://acme-v02.api.letsencrypt.org/directory", true)]
    [InlineData("https://dv.acme-v02.api.pki.goog/directory", true)]
    [InlineData("https://acme.zerossl.com/v2/DV90", true)]
    [InlineData("https://acme-staging-v02.api.letsencrypt.org/directory", false)]
    [InlineData("https://dv.acme-v02.test-api.pki.goog/directory", false)]
    [InlineData("https://acme.zerossl.com.example.org/directory", false)]
    [InlineData("https://step-ca.internal/acme/acme/directory", false)]
    [InlineData("no url", false)]
    public void Public_cas_forget_no_account(string server, bool isPublic) => Assert.Equal(isPublic, PublicServers.Contains(server));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rollover_changes_the_key_and_keeps_the_account(bool isAnswerLost)
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        AcmeStatus former = (await world.IssuerAsync()).Status!.Acme!;
        if (isAnswerLost)
            world.Fail(AcmeEndpoint.KeyChange, AcmeFault.LostAfter());
        Annotate(world, "2026-11");
        await world.UntilAsync("the key is changed", async () => (await world.IssuerAsync()).Status!.Acme!.LastRollover == "2026-11");

        AcmeStatus changed = (await world.IssuerAsync()).Status!.Acme!;
        Assert.Equal(former.Uri, changed.Uri);
        Assert.NotEqual(former.KeyThumbprint, changed.KeyThumbprint);
        Assert.Equal(changed.KeyThumbprint, (await KeyAsync(world)).Thumbprint);
        Assert.Equal(["tls.key"], (await SecretAsync(world)).Data!.Keys);
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilReadyAsync("web");
    }

    [Fact]
    public async Task A_rollover_that_was_cut_after_the_ca_agreed_is_finished()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        string former = (await KeyAsync(world)).Thumbprint;
        world.Fail(AcmeEndpoint.KeyChange, AcmeFault.Change(reply =>
        {
            world.World.Cut();
            return reply with { Delivery = ReplyDelivery.Lost };
        }));
        Annotate(world, "again");
        await world.World.StartAsync();
        await Testing.Processes.Eventually.HoldsAsync("the CA was asked", () => Task.FromResult(world.Asked(AcmeEndpoint.KeyChange) > 0));
        await world.World.StopAsync();
        Assert.Equal(2, (await SecretAsync(world)).Data!.Count);

        await world.UntilAsync("the key is changed", async () => (await SecretAsync(world)).Data!.Count == 1);
        Assert.NotEqual(former, (await KeyAsync(world)).Thumbprint);
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilReadyAsync("web");
        Assert.Single(world.Server.Accounts);
    }

    [Fact]
    public async Task A_server_with_a_private_address_is_refused_to_a_namespace()
    {
        await using FakeAcmeServer server = await FakeAcmeServer.StartAsync();
        await using var world = new World();
        world.Apply($$"""
            apiVersion: certoperator.io/v1
            kind: Issuer
            metadata: {name: inner, namespace: shop}
            spec: {acme: {server: "{{server.DirectoryUrl.OriginalString}}", skipTLSVerify: true, privateKeySecretRef: {name: key} } }
            """);
        world.Apply(Samples.Certificate("web", issuer: "inner"));
        await world.SettleAsync();

        Issuer? issuer = await world.Client.FindAsync<Issuer>(new ObjectKey("shop", "inner"), CancellationToken.None);
        Condition ready = Assert.Single(issuer!.Status!.Conditions!);
        Assert.Equal("False", ready.Status);
        Assert.Contains(ready.Message!, (await world.ReadyAsync("web")).Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_server_that_is_not_trusted_is_used_only_if_that_is_asked_for()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(isReady: false);
        string untrusting = string.Join('\n', world.Issuer().Split('\n').Where(line => !line.Contains("caBundle", StringComparison.Ordinal)));
        world.World.Cluster.Delete(Issuer.Type, new ObjectKey("shop", "acme"));
        world.World.Apply(untrusting);
        await world.World.SettleAsync();
        Assert.Equal("False", (await world.IssuerReadyAsync())!.Status);
        Assert.Empty(world.Server.Requests);

        world.World.Apply(untrusting.TrimEnd() + "\n    skipTLSVerify: true");
        await world.UntilAsync("the issuer is ready", async () => (await world.IssuerReadyAsync())?.Status == "True");
    }

    [Fact]
    public async Task What_a_hostile_ca_says_is_short_and_printable_in_status()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(isReady: false);
        world.Fail(AcmeEndpoint.NewAccount, AcmeFault.Problem(400, "malformed", new string('x', 100_000) + "\u001b[31m\n\u202e"), AcmeFaults.Always);
        await world.UntilAsync("it is told", async () => (await world.IssuerReadyAsync())?.Status == "False");

        string message = (await world.IssuerReadyAsync())!.Message!;
        Assert.InRange(message.Length, 1, 2048);
        Assert.DoesNotContain(message, char.IsControl);
    }

    private static void Annotate(AcmeWorld world, string value)
        => world.World.Cluster.Patch(Issuer.Type, new ObjectKey("shop", "acme"), new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Annotations.RolloverAccountKey] = value } } });

    private static async Task<Secret> SecretAsync(AcmeWorld world)
        => await world.World.Client.FindAsync<Secret>(AccountSecret, CancellationToken.None) ?? throw new InvalidOperationException("There is no account key.");

    private static async Task<LocalAccountKey> KeyAsync(AcmeWorld world)
        => LocalAccountKey.FromPem(Encoding.UTF8.GetString((await SecretAsync(world)).Data!["tls.key"]));
}
