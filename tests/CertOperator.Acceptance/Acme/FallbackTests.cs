using System.Text.Json.Nodes;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Acme;

/// <summary>A second CA for when the first is down.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed class FallbackTests(OperatorFixture fixture)
{
    [Fact]
    public async Task The_second_issuer_signs_while_the_CA_of_the_first_is_down_and_the_first_when_it_is_well_again()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        await using AcmeNamespace acme = await AcmeNamespace.CreateAsync(installation);
        int port = FreePorts.Take(1)[0];
        await using PebbleServer preferred = await PebbleServer.StartAsync(new PebbleOptions { HttpPort = port });
        await using PebbleServer other = await PebbleServer.StartAsync(new PebbleOptions { HttpPort = port });
        await using (await installation.StartAsync(acmePort: port))
        {
            await acme.AddIssuerAsync("preferred", preferred, AcmeNamespace.OverHttp, "selfCheck: \"Off\"");
            await acme.AddIssuerAsync("other", other, AcmeNamespace.OverHttp, "selfCheck: \"Off\"");
            await acme.IssuerReadyAsync("preferred");
            await acme.IssuerReadyAsync("other");
            await preferred.StopAsync();
            await acme.ApplyAsync(Certificate(acme.Name, "web.example.com"));
            await installation.ReadyAsync(acme.Name);
            await acme.VerifiedAsync("web", other, "web.example.com");
            JsonNode status = await acme.StatusAsync("web");
            Assert.Equal("other", (string?)status["issuer"]!["name"]);
            Assert.Equal(["Issuer/other Issued", "Issuer/preferred Failed"], Attempts(status));
        }

        // What is known of an issuer's health ends with the process, and a quarter of an hour later in any case.
        await preferred.RestartAsync();
        await using OperatorProcess certOperator = await installation.StartAsync(acmePort: port);
        await acme.ApplyAsync(Certificate(acme.Name, "web.example.com, shop.example.com"));
        await Eventually.HoldsAsync("the preferred issuer signs", async () => (string?)(await acme.StatusAsync("web"))["issuer"]?["name"] == "preferred");
        await acme.VerifiedAsync("web", preferred, "web.example.com", "shop.example.com");
        await acme.NothingIsLeftAsync();
    }

    private static string Certificate(string ns, string hosts)
        => Manifests.Certificate(ns, "web", "fallbackIssuerRefs: [{name: other}]", "{name: preferred}", hosts);

    private static IEnumerable<string> Attempts(JsonNode status)
        => status["attempts"]!.AsArray().Select(attempt => $"{attempt!["issuer"]} {attempt["outcome"]}");
}
