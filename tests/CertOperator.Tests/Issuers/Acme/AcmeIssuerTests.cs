using System.Text.Json.Nodes;
using CertOperator.Acme.Renewal;
using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Controllers;
using CertOperator.Pki.Formats;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Issuers.Acme;

public class AcmeIssuerTests
{
    [Fact]
    public async Task A_certificate_costs_six_writes_and_leaves_nothing_behind()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.World.Cluster.Requests.Clear();
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilReadyAsync("web");

        // Six: the order, its challenges, the pending key, the Secret (an apply that creates counts as both), the key's end, the end.
        Assert.Equal(["create secrets 2", "delete secrets 1", "patch certificates/status 3", "patch secrets 1"], world.Writes());
        Assert.Single(world.Server.Issued);
        Assert.Equal(world.Server.Issued[0].RawData, Pem.ReadCertificates((await world.World.SecretAsync("web")).Data!["tls.crt"])[0].Der.ToArray());
        Assert.Equal(["Issued"], world.World.EventReasons("Certificate", "web"));
        await world.AssertTidyAsync("web");
    }

    [Fact]
    public async Task A_settled_certificate_costs_no_write_and_no_request_after_a_restart()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilReadyAsync("web");
        await world.World.StopAsync();
        world.World.Cluster.Requests.Clear();
        int orders = world.Asked(AcmeEndpoint.NewOrder);
        await world.World.SettleAsync();

        Assert.Empty(world.Writes());
        Assert.Equal(orders, world.Asked(AcmeEndpoint.NewOrder));
    }

    [Fact]
    public async Task Several_certificates_and_restarts_register_one_account()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(isReady: false);
        foreach (string name in (string[])["a", "b", "c"])
            world.World.Apply(Samples.Certificate(name, issuer: "acme"));
        await world.UntilReadyAsync("a");
        await world.World.StopAsync();
        await world.UntilAsync("all are ready", async () => await world.IsReadyAsync("b") && await world.IsReadyAsync("c"));

        Assert.Single(world.Server.Accounts);
        Issuer issuer = await world.IssuerAsync();
        Assert.Equal(world.Server.Accounts[0].OriginalString, issuer.Status!.Acme!.Uri);
    }

    [Fact]
    public async Task A_renewal_names_the_certificate_that_it_replaces()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilReadyAsync("web");
        string? order = null;
        world.Fail(AcmeEndpoint.NewOrder, AcmeFault.Change(reply =>
        {
            order = reply.Body;
            return reply;
        }));
        DateTimeOffset renewal = (await world.StatusAsync("web")).RenewalTime!.Value;
        world.Time.Advance(renewal - world.Time.GetUtcNow() + TimeSpan.FromSeconds(1));
        await world.UntilRenewedAsync("web");

        Assert.True(CertificateId.TryCreate(world.Server.Issued[0].RawData, out CertificateId? replaced));
        Assert.Equal(replaced.ToString(), (string?)JsonNode.Parse(order!)!["replaces"]);
        Assert.Equal(2, world.Server.Issued.Count);
        await world.AssertTidyAsync("web");
    }

    [Fact]
    public async Task A_renewal_that_the_ca_does_not_take_for_one_is_made_all_the_same_and_that_is_told()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilReadyAsync("web");
        world.Fail(AcmeEndpoint.NewOrder, AcmeFault.Problem(409, "alreadyReplaced", "it has been replaced"));
        world.Time.Advance((await world.StatusAsync("web")).RenewalTime!.Value - world.Time.GetUtcNow() + TimeSpan.FromSeconds(1));
        await world.UntilRenewedAsync("web");

        const string Sentence = "The CA refused to take this order as a replacement (alreadyReplaced): it was made as a new one.";
        Assert.Contains(Sentence, (await world.StatusAsync("web")).Attempts![0].Reason, StringComparison.Ordinal);
        Assert.Contains(world.World.Events("Certificate", "web"), told => told.Reason == "Issued" && told.Message.Contains(Sentence, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("true", 48)]
    [InlineData("false", 2160)]
    public async Task A_duration_is_asked_for_only_where_the_issuer_says_so(string isEnabled, int hours)
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(more: $"    enableDurationFeature: {isEnabled}");
        world.World.Apply(Samples.Certificate("web", "duration: 48h", issuer: "acme"));
        await world.UntilReadyAsync("web");

        CertificateStatus status = await world.StatusAsync("web");
        Assert.InRange(status.NotAfter!.Value - status.NotBefore!.Value, TimeSpan.FromHours(hours - 2), TimeSpan.FromHours(hours + 2));
    }

    [Fact]
    public async Task Addresses_profiles_and_preferred_chains_reach_the_ca()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(
            new FakeAcmeOptions { AlternateRoots = 1, Profiles = new Dictionary<string, TimeSpan> { ["short"] = TimeSpan.FromDays(6) } }, isReady: false);
        string root = world.Server.Roots[1].GetNameInfo(System.Security.Cryptography.X509Certificates.X509NameType.SimpleName, forIssuer: false);
        world.World.Apply(world.Issuer(more: $"    preferredChain: {root}"));
        world.World.Apply(Samples.Certificate("web", "ipAddresses: [192.0.2.7, \"2001:db8::1\"], profile: short", issuer: "acme"));
        await world.UntilReadyAsync("web");

        var chain = Pem.ReadCertificates((await world.World.SecretAsync("web")).Data!["tls.crt"]);
        Assert.InRange(chain[0].NotAfter - chain[0].NotBefore, TimeSpan.FromDays(6) - TimeSpan.FromHours(2), TimeSpan.FromDays(6) + TimeSpan.FromHours(2));
        Assert.Equal(2, chain[0].Names.IpAddresses.Count);
        Assert.Contains(root, chain[^1].Issuer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_name_is_told_on_the_certificate_and_does_not_hold_up_another()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.Board.Unreachable["bad.example.com"] = new ValidationFailure("connection", "no route to 192.0.2.1");
        world.World.Apply(Samples.Certificate("bad", issuer: "acme"));
        world.World.Apply(Samples.Certificate("good", issuer: "acme"));
        await world.UntilAsync("the failure is told", async () => (await world.StatusAsync("bad")).LastFailure is not null);
        await world.UntilReadyAsync("good");

        CertificateStatus status = await world.StatusAsync("bad");
        Assert.Contains("bad.example.com", status.LastFailure, StringComparison.Ordinal);
        Assert.Contains("no route", status.LastFailure, StringComparison.Ordinal);
        NameStatus name = Assert.Single(status.Names!);
        Assert.Equal(("bad.example.com", "Invalid"), (name.Name, name.State));
        Assert.Contains("ValidationFailed", world.World.EventReasons("Certificate", "bad"));
        Assert.Empty(world.Board.Tokens);
    }

    [Fact]
    public async Task Whoever_is_kept_out_by_CAA_records_is_told_the_record_that_lets_the_ca_and_the_account_in()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        AcmeStatus account = (await world.IssuerAsync()).Status!.Acme!;
        Assert.Equal(["ca.example"], account.CaaIdentities!);
        Assert.Equal("https://ca.example/terms/1", account.TermsOfService);
        world.Board.Unreachable["web.example.com"] = new ValidationFailure("caa", "CAA record for example.com prevents issuance", 403);
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("the failure is told", async () => (await world.StatusAsync("web")).LastFailure is not null);

        Assert.EndsWith(
            $"A CAA record with issue \"ca.example\" allows it, and one with issue \"ca.example; accounturi={account.Uri}\" this account alone.",
            (await world.StatusAsync("web")).LastFailure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("badCSR")]
    [InlineData("badPublicKey")]
    public async Task A_key_that_is_refused_is_replaced_once_and_then_waits_for_a_person(string type)
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.Fail(AcmeEndpoint.Finalize, AcmeFault.Problem(400, type, "this key is not taken"), AcmeFaults.Always);
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("it has failed", async () => (await world.StatusAsync("web")).FailedIssuanceAttempts == 1);
        Assert.Equal(FailureReport.KeyRefused, (await world.World.ReadyAsync("web")).Reason);
        Assert.DoesNotContain("certoperator.io/pending-key", world.SecretTypes());
        Assert.True((await world.StatusAsync("web")).NextAttemptTime < world.Time.GetUtcNow().AddMinutes(5));

        await world.UntilAsync("it has failed again", async () => (await world.StatusAsync("web")).FailedIssuanceAttempts == 2);
        Assert.True((await world.StatusAsync("web")).NextAttemptTime > world.Time.GetUtcNow().AddHours(20));
    }

    [Fact]
    public async Task A_challenge_that_takes_time_is_told_and_taken_up_again()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.Board.Says["web.example.com"] = new Presentation.NotYet(world.Time.GetUtcNow() + TimeSpan.FromSeconds(30), "The record is not seen everywhere yet.");
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("it is told", async () => (await world.StatusAsync("web")).Names?[0].Reason is not null);

        Condition issuing = Conditions.Find((await world.StatusAsync("web")).Conditions, ConditionTypes.Issuing)!;
        Assert.Equal(("True", "The record is not seen everywhere yet."), (issuing.Status, issuing.Message));
        world.Board.Says.Clear();
        await world.UntilReadyAsync("web");
        Assert.Equal(1, world.Asked(AcmeEndpoint.NewOrder));
    }

    [Fact]
    public async Task A_failure_is_told_on_the_ingress_that_asked_for_the_certificate()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.Board.Unreachable["web.example.com"] = new ValidationFailure("dns", "NXDOMAIN looking up A");
        world.World.Apply(Samples.Ingress("shop", "{hosts: [web.example.com], secretName: web}", "certoperator.io/issuer: acme"));
        await world.UntilAsync("the failure is told", async () => (await world.World.FindCertificateAsync("web"))?.Status?.LastFailure is not null);
        await world.World.SettleAsync();

        Assert.Contains("ValidationFailed", world.World.EventReasons("Ingress", "shop"));
    }

    [Fact]
    public async Task A_certificate_that_is_deleted_takes_its_challenges_along()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.Server.Behaviour.LooksUntilValidated = 1000;
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("the challenge is in place", () => Task.FromResult(world.Board.Tokens.Count == 1));
        world.World.Cluster.Delete(Certificate.Type, new ObjectKey("shop", "web"));
        await world.UntilAsync("nothing is in place", () => Task.FromResult(world.Board.Tokens.Count == 0));

        Assert.DoesNotContain("certoperator.io/pending-key", world.SecretTypes());
    }

    [Fact]
    public async Task A_ca_that_sends_another_key_is_not_believed()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        using var foreign = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        world.Server.Behaviour.Issue = leaf => leaf.Key = new System.Security.Cryptography.X509Certificates.PublicKey(foreign);
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("it is told", async () => (await world.StatusAsync("web")).LastFailure is not null);

        Assert.Null(await world.World.FindSecretAsync("web"));
        Assert.DoesNotContain("certoperator.io/pending-key", world.SecretTypes());
    }

    [Fact]
    public async Task The_ca_can_ask_for_an_early_renewal()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilReadyAsync("web");
        DateTimeOffset now = world.Time.GetUtcNow();
        world.Server.SetRenewalInfo(world.Server.Issued[0], new JsonObject
        {
            ["suggestedWindow"] = new JsonObject { ["start"] = Text(now + TimeSpan.FromDays(1)), ["end"] = Text(now + TimeSpan.FromDays(2)) },
            ["explanationURL"] = "https://ca.example/incident",
        });
        DateTimeOffset check = (await world.StatusAsync("web")).RenewalInfo!.NextCheck!.Value;
        world.Time.Advance(check - now + TimeSpan.FromSeconds(1));
        await world.UntilAsync("the advice is known", async () => (await world.StatusAsync("web")).RenewalInfo?.ExplanationURL is not null);

        CertificateStatus advised = await world.StatusAsync("web");
        Assert.InRange(advised.RenewalTime!.Value, now + TimeSpan.FromDays(1), now + TimeSpan.FromDays(2));
        Assert.Contains("RenewalAdvised", world.World.EventReasons("Certificate", "web"));
        world.Time.Advance(advised.RenewalTime!.Value - world.Time.GetUtcNow() + TimeSpan.FromSeconds(1));
        await world.UntilRenewedAsync("web");
    }

    [Fact]
    public async Task An_order_url_that_somebody_wrote_into_status_leads_nowhere()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        await using FakeAcmeServer other = await FakeAcmeServer.StartAsync();
        world.Board.Says["web.example.com"] = new Presentation.NotYet(world.Time.GetUtcNow() + TimeSpan.FromSeconds(30), "Wait.");
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("it has begun", async () => (await world.StatusAsync("web")).Names?[0].Reason is not null);
        await world.World.StopAsync();
        world.World.Cluster.Patch(Certificate.Type, new ObjectKey("shop", "web"), new JsonObject { ["status"] = new JsonObject { ["issuance"] = new JsonObject { ["orderURL"] = new Uri(other.DirectoryUrl, "/order/1").OriginalString } } }, "status");
        world.Board.Says.Clear();
        await world.UntilReadyAsync("web");

        Assert.Empty(other.Requests);
        await world.AssertTidyAsync("web");
    }

    [Fact]
    public async Task A_changed_spec_gives_up_the_order_under_way()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync();
        world.Board.Says["web.example.com"] = new Presentation.NotYet(world.Time.GetUtcNow() + TimeSpan.FromDays(1), "Wait.");
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("it has begun", async () => (await world.StatusAsync("web")).Names?[0].Reason is not null);
        world.World.Apply(Samples.Certificate("web", issuer: "acme").Replace("web.example.com", "other.example.com", StringComparison.Ordinal));
        await world.UntilReadyAsync("web");

        Assert.Single(world.Server.Issued);
        await world.AssertTidyAsync("web");
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
