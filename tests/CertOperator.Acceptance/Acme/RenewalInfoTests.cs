using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Acme;

/// <summary>Renewal at the time that the CA suggests (RFC 9773).</summary>
[Collection(OperatorTestGroup.Name)]
public sealed class RenewalInfoTests(OperatorFixture fixture)
{
    /// <summary>A tenth of it goes by before the CA's advice counts.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(100);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_certificate_is_replaced_when_the_CA_says_so_and_stays_ready_meanwhile()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        await using AcmeNamespace acme = await AcmeNamespace.CreateAsync(installation);
        await using FakeAcmeServer ca = await FakeAcmeServer.StartAsync(new FakeAcmeOptions { Lifetime = Lifetime });
        int port = FreePorts.Take(1)[0];
        ca.Behaviour.Validate = attempt => ChallengeChecks.HttpAsync(attempt, port);
        ca.Faults.Add(AcmeEndpoint.RenewalInfo, AcmeFault.Edit(answer => answer["suggestedWindow"] = new JsonObject
        {
            ["start"] = "2026-01-01T00:00:00Z",
            ["end"] = "2026-01-02T00:00:00Z",
        }));
        await using OperatorProcess certOperator = await installation.StartAsync(acmePort: port);

        await acme.AddIssuerAsync("acme", ca.DirectoryUrl, ca.TrustPem, AcmeNamespace.OverHttp, "selfCheck: \"Off\"");
        // By its own rule it would be renewed much later.
        await acme.ApplyAsync(Manifests.Certificate(acme.Name, "web", "renewBefore: 5s", "{name: acme}"));
        JsonNode first = (await installation.ReadyAsync(acme.Name))[0]["status"]!;
        await Eventually.HoldsAsync("the certificate is replaced", async () => (int?)(await acme.StatusAsync("web"))["revision"] == 2, Patience);

        JsonNode second = await acme.StatusAsync("web");
        Assert.Equal(ReadySince(first), ReadySince(second));
        Assert.Equal("2026-01-02T00:00:00Z", (string?)first["renewalInfo"]!["suggestedWindow"]!["end"]);
        X509Certificate2 now = await acme.VerifiedAsync("web", [.. ca.Roots], "web.example.com");
        Assert.Equal(ca.Issued.Select(leaf => leaf.Thumbprint), [ca.Replaced.Single().Thumbprint, now.Thumbprint]);
        Assert.True(now.NotBefore.ToUniversalTime() < DateTimeOffset.Parse((string)first["notAfter"]!, null).AddSeconds(-5).UtcDateTime);
        await acme.NothingIsLeftAsync();
    }

    [Fact]
    public async Task The_time_that_Pebble_names_counts()
    {
        PebbleServer.Require("2.8", "renewal information by a CA");
        OperatorInstallation installation = await fixture.GetAsync();
        await using AcmeNamespace acme = await AcmeNamespace.CreateAsync(installation);
        int port = FreePorts.Take(1)[0];
        await using PebbleServer pebble = await PebbleServer.StartAsync(
            new PebbleOptions { HttpPort = port, Profiles = new Dictionary<string, TimeSpan> { ["short"] = TimeSpan.FromSeconds(45) } });
        await using OperatorProcess certOperator = await installation.StartAsync(acmePort: port);

        await acme.AddIssuerAsync("acme", pebble, AcmeNamespace.OverHttp, "selfCheck: \"Off\", profile: short");
        await acme.ApplyAsync(Manifests.Certificate(acme.Name, "web", "renewBefore: 2s", "{name: acme}"));
        JsonNode first = (await installation.ReadyAsync(acme.Name))[0]["status"]!;
        await Eventually.HoldsAsync("the certificate is replaced", async () => (int?)(await acme.StatusAsync("web"))["revision"] == 2, Patience);

        Assert.NotNull((string?)first["renewalInfo"]!["certificateID"]);
        X509Certificate2 now = await acme.VerifiedAsync("web", pebble, "web.example.com");
        // By its own rule it would be replaced two seconds before its end.
        Assert.True(now.NotBefore.ToUniversalTime() < DateTimeOffset.Parse((string)first["notAfter"]!, null).AddSeconds(-5).UtcDateTime);
        await acme.NothingIsLeftAsync();
    }

    /// <summary>When the condition Ready became what it is.</summary>
    private static string? ReadySince(JsonNode status)
    {
        JsonNode ready = status["conditions"]!.AsArray().Single(condition => (string?)condition!["type"] == "Ready")!;
        Assert.Equal("True", (string?)ready["status"]);
        return (string?)ready["lastTransitionTime"];
    }
}
