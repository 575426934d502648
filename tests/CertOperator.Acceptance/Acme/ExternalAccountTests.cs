using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Acme;

/// <summary>A CA that registers only accounts of its customers (RFC 8555 section 7.3.4).</summary>
[Collection(OperatorTestGroup.Name)]
public sealed class ExternalAccountTests(OperatorFixture fixture)
{
    [Fact]
    public async Task A_bound_account_issues_and_a_wrong_MAC_key_is_told_in_a_sentence()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        await using AcmeNamespace acme = await AcmeNamespace.CreateAsync(installation);
        string mac = NewMac();
        int port = FreePorts.Take(1)[0];
        await using PebbleServer pebble = await PebbleServer.StartAsync(
            new PebbleOptions { HttpPort = port, ExternalAccountKeys = new Dictionary<string, string> { ["customer-1"] = mac } });
        await using OperatorProcess certOperator = await installation.StartAsync(acmePort: port);

        await acme.AddSecretAsync("right-mac", "secret", mac);
        string wrong = NewMac();
        await acme.AddSecretAsync("wrong-mac", "secret", wrong);
        await acme.AddIssuerAsync("right", pebble, AcmeNamespace.OverHttp, $"{Binding("right-mac")}, selfCheck: \"Off\"");
        await acme.AddIssuerAsync("wrong", pebble, AcmeNamespace.OverHttp, Binding("wrong-mac"));
        await acme.ApplyAsync(Manifests.Certificate(acme.Name, "web", issuer: "{name: right}"));

        await installation.ReadyAsync(acme.Name);
        await acme.VerifiedAsync("web", pebble, "web.example.com");
        JsonNode refused = await acme.IssuerReadyAsync("wrong", "False");
        Assert.Equal("AcmeActionRequired", (string?)refused["reason"]);
        string told = (string)refused["message"]!;
        Assert.Matches("^The CA at 127.0.0.1 refused to register the account: .*Check the external account credentials", told);
        Assert.DoesNotContain(wrong, told + certOperator.ReadLog(), StringComparison.Ordinal);
    }

    private static string NewMac() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static string Binding(string secret) => $"externalAccountBinding: {{keyID: customer-1, keySecretRef: {{name: {secret}}}}}";
}
