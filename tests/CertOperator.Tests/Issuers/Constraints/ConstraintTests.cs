using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Controllers;
using CertOperator.Issuers.Acme;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Testing.Processes;

namespace CertOperator.Issuers.Constraints;

/// <summary>What an issuer signs, and for whom.</summary>
public class ConstraintTests
{
    private const string ForShop = "ClusterIssuer/shared does not sign this for namespace shop, by its constraints: ";

    [Theory]
    [InlineData("{}", "", null)]
    [InlineData("{namespaces: [shop]}", "", null)]
    [InlineData("{namespaces: [shop, blog]}", "", null)]
    [InlineData("{namespaces: [blog]}", "", "ClusterIssuer/shared signs nothing for namespace shop, by its constraints.")]
    [InlineData("{namespaces: []}", "", "ClusterIssuer/shared signs nothing for namespace shop, by its constraints.")]
    [InlineData("{dnsNames: [web.example.com]}", "", null)]
    [InlineData("{dnsNames: ['*.example.com']}", "", null)]
    [InlineData("{dnsNames: ['*.com']}", "", null)]
    [InlineData("{dnsNames: ['*']}", "", null)]
    [InlineData("{dnsNames: ['*.web.example.com']}", "", ForShop + "web.example.com fits none of dnsNames (*.web.example.com).")]
    [InlineData("{dnsNames: [example.com]}", "", ForShop + "web.example.com fits none of dnsNames (example.com).")]
    [InlineData("{dnsNames: ['*.ample.com']}", "", ForShop + "web.example.com fits none of")]
    [InlineData("{dnsNames: []}", "", ForShop + "web.example.com fits none of dnsNames ().")]
    [InlineData("{dnsNames: ['*.example.com']}", "commonName: web.example.com", null)]
    [InlineData("{dnsNames: ['*.example.com']}", "commonName: bank.example.org", ForShop + "bank.example.org fits none of")]
    [InlineData("{dnsNames: ['*.example.com']}", "literalSubject: 'CN=bank.example.org'", ForShop + "bank.example.org fits none of")]
    [InlineData("{dnsNames: ['*.example.com']}", "ipAddresses: [192.0.2.1]", ForShop + "192.0.2.1 is no DNS name")]
    [InlineData("{dnsNames: ['*.example.com']}", "uris: ['spiffe://example.com/a']", ForShop + "spiffe://example.com/a is no DNS name")]
    [InlineData("{dnsNames: ['*.example.com']}", "emailAddresses: [a@example.com]", ForShop + "a@example.com is no DNS name")]
    [InlineData("{namespaces: [shop]}", "ipAddresses: [192.0.2.1]", null)]
    [InlineData("{}", "isCA: true, commonName: The CA of Shop", ForShop + "it asks for a CA certificate, which allowCA does not allow.")]
    [InlineData("{dnsNames: ['*.example.com']}, {allowCA: true}", "isCA: true, commonName: The CA of Shop", null)]
    [InlineData("{dnsNames: ['*.example.com']}", "isCA: true, commonName: The CA of Shop", ForShop + "it asks for a CA certificate")]
    [InlineData("{dnsNames: ['*.example.com']}", "literalSubject: 'CN=web.example.com,CN=bank.example.org'", ForShop + "bank.example.org fits none of")]
    [InlineData("{dnsNames: ['*.example.com']}", "literalSubject: 'CN=bank.example.org,CN=web.example.com'", ForShop + "bank.example.org fits none of")]
    [InlineData("{dnsNames: ['*.example.com']}", "literalSubject: 'CN=web.example.com,EMAILADDRESS=ceo@bank.example.org'", ForShop + "ceo@bank.example.org is no DNS name")]
    [InlineData("{dnsNames: ['*.example.com']}", "literalSubject: 'CN=#1C0400000061'", ForShop + "its subject has a common name that is no text.")]
    [InlineData("{dnsNames: ['*.example.com']}", "literalSubject: 'CN=bank.example.org/.example.com'", ForShop + "bank.example.org/.example.com fits none of")]
    [InlineData("{}", "commonName: '*.shop.example.com'", ForShop + "*.shop.example.com is a wildcard")]
    [InlineData("{}", "commonName: 'f*.shop.example.com'", ForShop + "f*.shop.example.com is a wildcard")]
    [InlineData("{maxDuration: 2160h}", "", null)]
    [InlineData("{maxDuration: 720h}", "", ForShop + "the duration 2160h is longer than 720h, the maxDuration.")]
    [InlineData("{maxDuration: 720h}", "duration: 720h", null)]
    [InlineData("{namespaces: [blog]}, {maxDuration: 720h}, {dnsNames: ['*.example.com']}", "", null)]
    [InlineData("{namespaces: [blog]}, {maxDuration: 720h}, {dnsNames: ['*.example.org']}", "", ForShop + "the duration 2160h is longer than 720h")]
    [InlineData("{namespaceSelector: {matchLabels: {team: shop}}}", "", null)]
    [InlineData("{namespaceSelector: {matchLabels: {team: blog}}}", "", "ClusterIssuer/shared signs nothing for namespace shop")]
    [InlineData("{namespaceSelector: {matchExpressions: [{key: team, operator: In, values: [blog, shop]}, {key: gone, operator: DoesNotExist}]}}", "", null)]
    [InlineData("{namespaceSelector: {matchExpressions: [{key: team, operator: NotIn, values: [shop]}]}}", "", "ClusterIssuer/shared signs nothing for namespace shop")]
    [InlineData("{namespaceSelector: {matchExpressions: [{key: other, operator: Exists}]}}", "", "ClusterIssuer/shared signs nothing for namespace shop")]
    [InlineData("{namespaces: [shop], namespaceSelector: {matchLabels: {team: blog}}}", "", "ClusterIssuer/shared signs nothing for namespace shop")]
    public async Task A_request_is_signed_if_one_constraint_allows_all_of_it(string constraints, string more, string? objection)
    {
        await using World world = Constrained(constraints);
        world.Apply(Certificate(more));
        await world.SettleAsync();

        Assert.Equal(objection is null, await world.FindSecretAsync("web") is not null);
        Condition issuing = Conditions.Find((await world.CertificateAsync("web")).Status!.Conditions, ConditionTypes.Issuing)!;
        Assert.Equal(objection is null, issuing.Reason != ConstraintCheck.NotAllowed);
        Assert.Contains(objection ?? "", issuing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("{allowWildcards: true}", true)]
    [InlineData("{allowWildcards: true, dnsNames: ['*.example.com']}", true)]
    [InlineData("{allowWildcards: true, dnsNames: [example.com, web.example.com]}", false)]
    [InlineData("{allowWildcards: true, dnsNames: ['*.web.example.com']}", false)]
    public async Task A_wildcard_needs_leave(string constraint, bool isSigned)
    {
        await using World world = Constrained(constraint);
        world.Apply(Certificate("").Replace("web.example.com", "'*.example.com'", StringComparison.Ordinal));
        await world.SettleAsync();
        Assert.Equal(isSigned, await world.FindSecretAsync("web") is not null);
    }

    [Fact]
    public async Task What_is_stored_stays_and_what_is_allowed_later_is_signed_at_once()
    {
        await using World world = Constrained("{maxDuration: 2160h}");
        world.Apply(Certificate(""));
        await world.SettleAsync();
        string? stored = (await world.CertificateAsync("web")).Status!.Fingerprint;

        world.Apply(Issuer("{maxDuration: 720h}"));
        await world.SettleAsync();
        Assert.Equal(ConditionTypes.True, (await world.ReadyAsync("web")).Status);

        world.Apply(Certificate("duration: 2000h"));
        await world.SettleAsync();
        Assert.Equal(stored, (await world.CertificateAsync("web")).Status!.Fingerprint);
        Assert.Equal(ConstraintCheck.NotAllowed, Conditions.Find((await world.CertificateAsync("web")).Status!.Conditions, ConditionTypes.Issuing)!.Reason);

        world.Apply(Issuer("{maxDuration: 2000h}"));
        await world.SettleAsync();
        Assert.NotEqual(stored, (await world.CertificateAsync("web")).Status!.Fingerprint);
    }

    [Fact]
    public async Task A_fallback_signs_what_the_preferred_issuer_does_not()
    {
        await using World world = Constrained("{namespaces: [blog]}");
        world.Apply("""
            apiVersion: certoperator.io/v1
            kind: Issuer
            metadata: {name: own, namespace: shop}
            spec: {selfSigned: {} }
            """);
        world.Apply(Certificate("fallbackIssuerRefs: [{name: own}]"));
        await world.SettleAsync();
        Assert.Equal("Issuer/own", (await world.SecretAsync("web")).Metadata.Annotations![Labels.Issuer]);
    }

    [Fact]
    public async Task A_namespace_that_gets_the_label_is_served_within_minutes()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using World world = Constrained("{namespaceSelector: {matchLabels: {tier: internal}}}", time);
        world.Apply(Certificate(""));
        await world.SettleAsync();
        Assert.Null(await world.FindSecretAsync("web"));

        world.Apply("""
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {tier: internal} }
            """);
        time.Advance(TimeSpan.FromMinutes(6));
        await Eventually.HoldsAsync("what time brings is done", async () =>
        {
            await world.SettleAsync();
            return await world.FindSecretAsync("web") is not null;
        });
    }

    [Fact]
    public async Task Who_is_named_needs_no_labels()
    {
        await using World world = Constrained("{namespaces: [shop]}, {namespaceSelector: {matchLabels: {team: blog}}}");
        world.Cluster.Faults.FailNext(null, Namespace.Type, KubeFailure.Forbidden, times: 1000);
        world.Apply(Certificate(""));
        await world.SettleAsync();
        Assert.NotNull(await world.FindSecretAsync("web"));
    }

    [Fact]
    public async Task An_order_under_way_that_is_not_allowed_any_more_is_given_up()
    {
        await using AcmeWorld acme = await AcmeWorld.StartAsync();
        acme.Board.Says["web.example.com"] = new Presentation.NotYet(acme.Time.GetUtcNow() + TimeSpan.FromSeconds(30), "It is not seen everywhere yet.");
        acme.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await acme.UntilAsync("it waits for its challenge", async () => (await acme.StatusAsync("web")).Issuance?.Challenges is not null);

        acme.World.Apply(acme.Issuer(more: "  constraints: [{namespaces: [blog]}]"));
        await acme.UntilAsync("the order is not under way any more", async () => (await acme.StatusAsync("web")).Issuance is null);
        Assert.Equal(ConstraintCheck.NotAllowed, Conditions.Find((await acme.StatusAsync("web")).Conditions, ConditionTypes.Issuing)!.Reason);
        Assert.DoesNotContain(acme.World.Cluster.List(Secret.Type), secret => (string?)secret["type"] == "certoperator.io/pending-key");

        acme.World.Apply(acme.Issuer());
        acme.Board.Says.Clear();
        await acme.UntilReadyAsync("web");
    }

    [Fact]
    public async Task Labels_that_may_not_be_read_let_nobody_in_and_that_is_told()
    {
        await using World world = Constrained("{namespaceSelector: {matchLabels: {team: shop}}}");
        world.Cluster.Faults.FailNext(null, Namespace.Type, KubeFailure.Forbidden, times: 1000);
        world.Apply(Certificate(""));
        await world.SettleAsync();
        Condition issuing = Conditions.Find((await world.CertificateAsync("web")).Status!.Conditions, ConditionTypes.Issuing)!;
        Assert.Equal(ConstraintCheck.LabelsUnreadable, issuing.Reason);
        Assert.Contains("those of shop cannot be read: ", issuing.Message, StringComparison.Ordinal);
        Assert.Null(await world.FindSecretAsync("web"));
    }

    private static World Constrained(string constraints, FakeTimeProvider? time = null)
    {
        var world = new World(time: time);
        world.Apply("""
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {team: shop} }
            """);
        world.Apply(Issuer(constraints));
        return world;
    }

    private static string Issuer(string constraints) => $$"""
        apiVersion: certoperator.io/v1
        kind: ClusterIssuer
        metadata: {name: shared}
        spec: {selfSigned: {}, constraints: [{{constraints}}]}
        """;

    private static string Certificate(string more)
        => Samples.Certificate("web", more).Replace("{name: ca}", "{name: shared, kind: ClusterIssuer}", StringComparison.Ordinal);
}
