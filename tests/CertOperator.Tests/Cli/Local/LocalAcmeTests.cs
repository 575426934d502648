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
        using var folder = new LocalFolder(Issuer(pebble, "{tlsAlpn01: {} }, " + Rfc2136(knot, "selector: {dnsZones: [example.org]}, ")));
        folder.Write("secret.yaml", Tsig(knot));
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

    [Fact]
    public async Task Who_breaks_it_off_leaves_no_record_behind()
    {
        await using KnotServer knot = await MissingPart.SkipsAsync(() => KnotServer.StartAsync(new DnsZone("example.com")));
        // It asks another name server, which has no such record, so that the order would go on for long.
        await using PebbleServer pebble = await MissingPart.SkipsAsync(() => PebbleServer.StartAsync(new PebbleOptions { ValidationSleepSeconds = 60 }));
        using var folder = new LocalFolder(Issuer(pebble, Rfc2136(knot)));
        folder.Write("secret.yaml", Tsig(knot));
        folder.Write("web.yaml", Samples.Certificate("web", issuer: "acme"));
        folder.Write("ingress.yaml", Samples.Ingress("shop", "{hosts: [shop.example.com], secretName: shop}", "certoperator.io/issuer: acme"));
        string log = Path.Combine(folder.Manifests, "log.txt");
        await using var process = ServerProcess.Start("env", ["--default-signal=INT", LocalProcessTests.Program, "local", folder.Manifests], log);
        string[] records = ["_acme-challenge.web.example.com", "_acme-challenge.shop.example.com"];
        foreach (string record in records)
            await Eventually.HoldsAsync("the record is there", async () => (await knot.TextsAsync(record)).Count == 1, TimeSpan.FromMinutes(1));

        await Command.RunAsync("kill", ["-INT", $"{process.Id}"]);
        await Eventually.HoldsAsync("the process ends", () => Task.FromResult(process.HasExited), TimeSpan.FromMinutes(1));

        foreach (string record in records)
            Assert.Empty(await knot.TextsAsync(record));
        Assert.Equal(0, process.ExitCode);
        Assert.DoesNotContain("Unhandled", process.ReadLog(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--acme-listen", "port 80")]
    [InlineData("--acme-tls-listen", "port 80")]
    [InlineData("--acme-listen", "80")]
    [InlineData("--acme-listen", "127.0.0.1")]
    [InlineData("--acme-listen", "::1")]
    public async Task An_address_that_is_none_is_told(string option, string address)
    {
        using var folder = new LocalFolder(Samples.Ca);
        CommandResult result = await Command.RunAsync(LocalProcessTests.Program, ["local", folder.Manifests, "--once", option, address]);
        Assert.Equal((ExitCodes.Failed, $"{option} {address} is no address and port, for example 0.0.0.0:8080.\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public async Task An_address_of_another_machine_is_told()
    {
        using var folder = new LocalFolder(Samples.Ca);
        CommandResult result = await Command.RunAsync(LocalProcessTests.Program, ["local", folder.Manifests, "--once", "--acme-listen", "192.0.2.1:8080"]);
        Assert.Equal((ExitCodes.Failed, "Nothing can be served at 192.0.2.1:8080: Cannot assign requested address.\n"), (result.ExitCode, result.Error));
    }

    private static async Task<(int ExitCode, string Error)> RunAsync(LocalFolder folder, params string[] more)
    {
        CommandResult result = await Command.RunAsync(LocalProcessTests.Program, ["local", folder.Manifests, "--once", "--out", folder.Out, .. more]);
        return (result.ExitCode, result.Error);
    }

    private static string Rfc2136(KnotServer knot, string selector = "") => $$"""
        { {{selector}}dns01: {
          nameservers: ["{{knot.Endpoint}}"], rfc2136: {nameserver: "{{knot.Endpoint}}", tsigKeyName: {{knot.Sha256Key.Name}}, tsigSecretSecretRef: {name: tsig} } } }
        """;

    private static string Tsig(KnotServer knot) => $$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: tsig, namespace: shop}
        stringData: {tsig-secret-key: "{{knot.Sha256Key.Secret}}"}
        """;

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
