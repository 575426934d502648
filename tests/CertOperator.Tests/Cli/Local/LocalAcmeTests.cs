using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Controllers;
using CertOperator.Pki.Formats;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Dns;
using CertOperator.Testing.Processes;

namespace CertOperator.Cli.Local;

/// <summary>Certificates of a real ACME server without a cluster: the command as its own process.</summary>
public class LocalAcmeTests
{
    [Fact]
    public async Task A_single_pass_waits_for_the_server_and_keeps_the_account_for_the_next_one()
    {
        int port = FreePorts.Take(1)[0];
        await using PebbleServer pebble = await MissingPart.SkipsAsync(() => PebbleServer.StartAsync(new PebbleOptions { HttpPort = port, ValidationSleepSeconds = 2 }));
        using var folder = new LocalFolder(Issuer(pebble, "{http01: {} }"));
        folder.Write("web.yaml", Samples.Certificate("web", issuer: "acme"));

        Assert.Equal((0, ""), await RunAsync(folder, "--acme-listen", $"127.0.0.1:{port}"));
        Assert.Contains("Pebble", Pem.ReadCertificates(await File.ReadAllBytesAsync(folder.OutFile("web", "tls.crt")))[0].Issuer.ToString(), StringComparison.Ordinal);
        string account = await File.ReadAllTextAsync(folder.OutFile("acme-account", "tls.key"));
        byte[] first = await File.ReadAllBytesAsync(folder.OutFile("web", "tls.crt"));

        folder.Write("shop.yaml", Samples.Certificate("shop", issuer: "acme"));
        Assert.Equal((0, ""), await RunAsync(folder, "--acme-listen", $"127.0.0.1:{port}"));
        Assert.Equal(account, await File.ReadAllTextAsync(folder.OutFile("acme-account", "tls.key")));
        Assert.Equal(first, await File.ReadAllBytesAsync(folder.OutFile("web", "tls.crt")));
        Assert.True(File.Exists(folder.OutFile("shop", "tls.crt")));
    }

    [Fact]
    public async Task A_name_is_validated_in_the_handshake_or_by_its_records()
    {
        int port = FreePorts.Take(1)[0];
        await using KnotServer knot = await MissingPart.SkipsAsync(() => KnotServer.StartAsync(
            new DnsZone("example.com", "web A 127.0.0.1"), new DnsZone("example.org")));
        await using PebbleServer pebble = await MissingPart.SkipsAsync(() => PebbleServer.StartAsync(new PebbleOptions { TlsPort = port, DnsServer = knot.Endpoint.ToString() }));
        using var folder = new LocalFolder(Issuer(pebble, $$"""
            {tlsAlpn01: {} }, {selector: {dnsZones: [example.org]}, dns01: {
              nameservers: ["{{knot.Endpoint}}"], rfc2136: {nameserver: "{{knot.Endpoint}}", tsigKeyName: {{knot.Sha256Key.Name}}, tsigSecretSecretRef: {name: tsig} } } }
            """));
        folder.Write("secret.yaml", $$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: tsig, namespace: shop}
            stringData: {tsig-secret-key: "{{knot.Sha256Key.Secret}}"}
            """);
        folder.Write("web.yaml", Samples.Certificate("web", issuer: "acme"));
        folder.Write("wildcard.yaml", Samples.Certificate("wildcard", issuer: "acme").Replace("wildcard.example.com", "'*.example.org'", StringComparison.Ordinal));

        Assert.Equal((0, ""), await RunAsync(folder, "--acme-tls-listen", $"127.0.0.1:{port}"));
        Assert.Equal(["*.example.org"], Pem.ReadCertificates(await File.ReadAllBytesAsync(folder.OutFile("wildcard", "tls.crt")))[0].Names.DnsNames);
        Assert.Empty(await knot.TextsAsync("_acme-challenge.example.org"));
    }

    [Fact]
    public async Task A_name_that_cannot_be_validated_ends_it_with_the_servers_words()
    {
        await using PebbleServer pebble = await MissingPart.SkipsAsync(() => PebbleServer.StartAsync(new PebbleOptions { HttpPort = FreePorts.Take(1)[0] }));
        using var folder = new LocalFolder(Issuer(pebble, "{http01: {} }"));
        folder.Write("web.yaml", Samples.Certificate("web", issuer: "acme"));

        CommandResult result = await Command.RunAsync(LocalProcessTests.Program, ["local", folder.Manifests, "--once", "--output", "json"]);

        Assert.Equal(ExitCodes.NotReady, result.ExitCode);
        JsonNode problem = Assert.Single(JsonNode.Parse(result.Output)!["problems"]!.AsArray())!;
        Assert.Equal("ValidationFailed", (string?)problem["reason"]);
        Assert.StartsWith("The CA could not validate web.example.com by http-01: ", (string)problem["message"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--acme-listen")]
    [InlineData("--acme-tls-listen")]
    public async Task An_address_that_is_none_is_told(string option)
    {
        using var folder = new LocalFolder(Samples.Ca);
        CommandResult result = await Command.RunAsync(LocalProcessTests.Program, ["local", folder.Manifests, "--once", option, "port 80"]);
        Assert.Equal((ExitCodes.Failed, $"{option} port 80 is no address and port, for example 0.0.0.0:8080.\n"), (result.ExitCode, result.Error));
    }

    private static async Task<(int ExitCode, string Error)> RunAsync(LocalFolder folder, params string[] more)
    {
        CommandResult result = await Command.RunAsync(LocalProcessTests.Program, ["local", folder.Manifests, "--once", "--out", folder.Out, .. more]);
        return (result.ExitCode, result.Error);
    }

    private static string Issuer(PebbleServer pebble, string solvers) => $$"""
        apiVersion: certoperator.io/v1
        kind: Issuer
        metadata: {name: acme, namespace: shop}
        spec:
          acme:
            server: {{pebble.DirectoryUrl}}
            caBundle: {{Convert.ToBase64String(Encoding.ASCII.GetBytes(pebble.TrustPem))}}
            privateKeySecretRef: {name: acme-account}
            selfCheck: "Off"
            solvers: [{{solvers.ReplaceLineEndings(" ")}}]
        """;
}
