using System.Text.RegularExpressions;
using CertOperator.Api;
using CertOperator.Challenges.Dns;
using CertOperator.Controllers;
using CertOperator.Runtime.Objects;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Dns;

namespace CertOperator.Issuers.Acme;

/// <summary>dns-persist-01 from the sentence that asks for the record to the certificate, in the forms of both versions of the draft.</summary>
public sealed partial class DnsPersistTests : IAsyncLifetime
{
    private const string Place = "_validation-persist.web.example.com";
    private const string Prefix = "https://ca.example/account/";

    private KnotServer _knot = null!;

    public async ValueTask InitializeAsync() => _knot = await KnotServer.StartAsync(new DnsZone("example.com"));

    public ValueTask DisposeAsync() => _knot.DisposeAsync();

    [Theory]
    [InlineData(null)]
    [InlineData(Prefix)]
    public async Task The_record_that_the_sentence_names_validates_now_and_at_every_renewal(string? prefix)
    {
        await using AcmeWorld world = await StartAsync(prefix: prefix);
        world.World.Apply(Samples.Ingress("web", "{hosts: [web.example.com], secretName: web}", "certoperator.io/issuer: acme"));
        await world.UntilAsync("it waits", async () => (await world.World.FindCertificateAsync("web"))?.Status?.Issuance is not null && (await world.World.ReadyAsync("web")).Reason == OrderWalk.RecordMissing);
        string sentence = (await world.World.ReadyAsync("web")).Message;
        Assert.Equal((Place, "ca.example; accounturi="), (RecordIn(sentence).Name, RecordIn(sentence).Value[..23]));
        Assert.Contains((OrderWalk.RecordMissing, sentence), world.World.Events("Certificate", "web"));
        Assert.Contains((OrderWalk.RecordMissing, $"Certificate web: {sentence}"), world.World.Events("Ingress", "web"));
        Assert.Empty((await world.World.CertificateAsync("web")).Metadata.Finalizers ?? []);

        // Another process has the same order, and asks the CA what it did not store.
        await world.World.StopAsync();
        await SetAsync(RecordIn(sentence));
        await world.UntilReadyAsync("web");
        world.World.Apply(Samples.Ingress("web", "{hosts: [web.example.com], secretName: web}", "certoperator.io/issuer: acme, certoperator.io/private-key-size: \"384\""));
        await world.UntilRenewedAsync("web");
        Assert.Equal(2, world.Asked(AcmeEndpoint.NewOrder));
        Assert.Equal([RecordIn(sentence).Value], await _knot.TextsAsync(Place));
    }

    [Fact]
    public async Task What_a_provider_writes_stays_when_the_Certificate_goes()
    {
        await using AcmeWorld world = await StartAsync(Provider);
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilReadyAsync("web");
        world.World.Cluster.Delete(Certificate.Type, new("shop", "web"));
        await world.UntilAsync("it is gone", async () => await world.World.FindCertificateAsync("web") is null);

        Assert.Equal([$"ca.example; accounturi={world.Server.Accounts.Single()}"], await _knot.TextsAsync(Place));
    }

    [Fact]
    public async Task A_record_that_ends_before_the_next_renewal_is_warned_of()
    {
        await using AcmeWorld world = await StartAsync(more: "    renewalInfo: \"Off\"");
        DateTimeOffset end = world.Time.GetUtcNow().AddDays(30);
        await SetAsync((Place, $"ca.example; accounturi={world.Server.Accounts.Single()}; persistUntil={end.ToUnixTimeSeconds()}"));
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilReadyAsync("web");

        CertificateStatus status = await world.StatusAsync("web");
        string warning = $"The TXT record {Place} ends at {end:u}, before the renewal at {status.RenewalTime:u}: set one that ends later, or never.";
        Assert.EndsWith(warning, status.Attempts![0].Reason, StringComparison.Ordinal);
        Assert.Contains(world.World.Events("Certificate", "web"), told => told.Reason == "Issued" && told.Message.Contains(warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_CA_that_does_not_find_it_is_quoted_with_what_it_looks_for()
    {
        await using AcmeWorld world = await StartAsync(more: "    selfCheck: \"Off\"");
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("it has failed", async () => (await world.StatusAsync("web")).LastFailure is not null);

        Condition ready = await world.World.ReadyAsync("web");
        Assert.Equal("ValidationFailed", ready.Reason);
        Assert.StartsWith("The CA could not validate web.example.com by dns-persist-01: unauthorized: no TXT record lets the account validate", ready.Message, StringComparison.Ordinal);
        Assert.EndsWith($"It looks for the TXT record {Place} with the text \"ca.example; accounturi={world.Server.Accounts.Single()}\".", ready.Message, StringComparison.Ordinal);
    }

    private string Provider => $$"""rfc2136: {nameserver: "{{_knot.Endpoint}}", tsigKeyName: {{_knot.Sha256Key.Name}}, tsigSecretSecretRef: {name: dns}, protocol: TCP}, """;

    private async Task<AcmeWorld> StartAsync(string provider = "", string? prefix = null, string more = "")
    {
        string solver = $$"""{dns01: {challengeType: dns-persist-01, {{provider}}nameservers: ["{{_knot.Endpoint}}"], propagation: {check: Recursive} } }""";
        AcmeWorld world = await AcmeWorld.StartAsync(
            new FakeAcmeOptions { ChallengeTypes = ["http-01", "dns-persist-01"], AccountHashPrefix = prefix }, operatorOptions: new OperatorOptions(), solver: solver, more: more);
        world.World.Apply($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: dns, namespace: shop}
            type: Opaque
            data: {tsig-secret-key: {{Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(_knot.Sha256Key.Secret))}} }
            """);
        var referee = new PersistentRecords(prefix, world.Time);
        world.Server.Behaviour.Validate = attempt => referee.ValidateAsync(attempt, _knot.Endpoint);
        return world;
    }

    private static (string Name, string Value) RecordIn(string sentence)
        => Told().Match(sentence) is { Success: true } told ? (told.Groups["name"].Value, told.Groups["value"].Value) : throw new InvalidOperationException($"No record is told: {sentence}");

    /// <summary>As a person does it, at the provider's own page.</summary>
    private async Task SetAsync((string Name, string Value) record)
    {
        await using ProviderWorld world = await ProviderWorld.Of(new Nothing(), new Dns01Spec
        {
            Rfc2136 = new Rfc2136Spec { Nameserver = _knot.Endpoint.ToString(), TsigKeyName = _knot.Sha256Key.Name, TsigSecretSecretRef = ProviderWorld.Credential },
        }, _knot.TextsAsync).WithCredentialAsync(_knot.Sha256Key.Secret);
        await world.Provider.AddAsync(new TxtRecord(record.Name, "example.com", record.Value, "example.com"), CancellationToken.None);
    }

    [GeneratedRegex("the TXT record (?<name>[^ ]+) with the text \"(?<value>[^\"]+)\"")]
    private static partial Regex Told();

    private sealed class Nothing : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
