using System.Text.Json.Nodes;
using CertOperator.Controllers;
using CertOperator.Testing.Processes;

namespace CertOperator.Cli.Inspect;

public sealed class InspectCommandTests : IAsyncLifetime
{
    private const string Chain = """
        ---
        apiVersion: certoperator.io/v1
        kind: Issuer
        metadata: {name: middle, namespace: shop}
        spec: {ca: {secretName: middle}}
        ---

        """;

    private CliWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await CliWorld.StartAsync(string.Join("\n---\n",
        Samples.Ca, Samples.Certificate("middle", "isCA: true, commonName: Middle"), Samples.Certificate("other"), Chain + Samples.Certificate("web", issuer: "middle")));

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("secret/web")]
    [InlineData("secret", "web")]
    public async Task A_good_secret_is_shown_link_by_link_with_status_0(params string[] target)
    {
        CommandResult result = await InspectAsync(target);

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("Secret shop/web\n  Certificate  web\n  Issuer       Issuer/middle\n  Entries      ca.crt, tls.crt, tls.key\n  Private key  ECDSA P-256, matches the certificate\n  Trust        verified by its ca.crt\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("0  web.example.com  (leaf)\n   issued by   CN=Middle\n   names       web.example.com\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("1  CN=Middle  (CA)\n   issued by   CN=Root\n", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("No problems found.\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_with_its_key_is_told_to_match_and_the_key_is_not_told()
    {
        string key = await _world.EntryAsync("web", "tls.key");
        string file = _world.File("web.pem", await _world.EntryAsync("web", "tls.crt") + key);
        CommandResult text = await InspectAsync(file), json = await InspectAsync(file, "-o", "json");

        Assert.Equal((ExitCodes.Ok, ExitCodes.Ok), (text.ExitCode, json.ExitCode));
        Assert.Contains("Private key  ECDSA P-256, matches the certificate\n", text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Split('\n')[1], text.Output + json.Output, StringComparison.Ordinal);
        Assert.Equal(2, JsonNode.Parse(json.Output)!["chain"]!.AsArray().Count);
    }

    [Fact]
    public async Task Findings_are_status_1_with_code_and_sentence()
    {
        string leaf = (await _world.EntryAsync("web", "tls.crt")).Split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n";
        string root = _world.File("root.pem", await _world.EntryAsync("root", "tls.crt"));
        string otherKey = await _world.EntryAsync("other", "tls.key");

        Assert.Contains("KeyMismatch: ", (await FindingsAsync(leaf + otherKey)).Output, StringComparison.Ordinal);
        Assert.Contains("IncompleteChain: ", (await FindingsAsync(leaf, "--ca", root)).Output, StringComparison.Ordinal);
        Assert.Contains("CarriesRoot: ", (await FindingsAsync(await _world.EntryAsync("web", "tls.crt") + File.ReadAllText(root))).Output, StringComparison.Ordinal);
        Assert.Contains("KeyUnreadable: ", (await FindingsAsync(leaf + "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")).Output, StringComparison.Ordinal);
        Shell later = CliRun.WithInput(leaf, new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow().AddYears(5)));
        Assert.Contains("Expired: ", (await CliRun.RunAsync(["inspect", "-"], later)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_in_DER_is_read_as_well()
    {
        using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(await _world.EntryAsync("root", "tls.crt"));
        string file = Path.Combine(_world.Folder, "root.der");
        await File.WriteAllBytesAsync(file, certificate.RawData, TestContext.Current.CancellationToken);
        Assert.Contains("0  CN=Root  (root)\n", (await InspectAsync(file)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_is_shown_as_it_serves()
    {
        await using var server = new TlsServer(await _world.EntryAsync("web", "tls.crt"), await _world.EntryAsync("web", "tls.key"));
        string root = _world.File("root.pem", await _world.EntryAsync("root", "tls.crt"));
        CommandResult good = await InspectAsync(server.Address, "--sni", "web.example.com", "--ca", root);
        Assert.Equal((ExitCodes.Ok, ""), (good.ExitCode, good.Error));
        Assert.Contains("1  CN=Middle  (CA)", good.Output, StringComparison.Ordinal);
        Assert.Contains("Trust        verified by the CA given\n", good.Output, StringComparison.Ordinal);
        Assert.Contains("Protocol     TLS 1.", good.Output, StringComparison.Ordinal);

        CommandResult wrongName = await InspectAsync(server.Address, "--ca", root);
        Assert.Equal(ExitCodes.NotReady, wrongName.ExitCode);
        Assert.Contains($"NameNotCovered: The certificate that {server.Address} serves is not for localhost", wrongName.Output, StringComparison.Ordinal);
        CommandResult untrusted = await InspectAsync(server.Address, "--sni", "web.example.com");
        Assert.Equal(ExitCodes.NotReady, untrusted.ExitCode);
        Assert.Matches("IncompleteChain: |NoRoots: ", untrusted.Output);
    }

    [Fact]
    public async Task A_server_without_its_intermediate_is_told()
    {
        string leaf = (await _world.EntryAsync("web", "tls.crt")).Split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n";
        await using var server = new TlsServer(leaf, await _world.EntryAsync("web", "tls.key"));
        CommandResult result = await InspectAsync(server.Address, "--sni", "web.example.com", "--ca", _world.File("root.pem", await _world.EntryAsync("root", "tls.crt")));
        Assert.Equal(ExitCodes.NotReady, result.ExitCode);
        Assert.Contains("IncompleteChain: The chain ends at the certificate", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_inspected_is_a_sentence_with_status_2()
    {
        await using var silent = new TlsServer();
        foreach (var (sentence, arguments) in ((string Sentence, string[] Arguments)[])
        [
            ("gave no TLS handshake within 1 s", [silent.Address, "--timeout", "1"]),
            ("No connection to 127.0.0.1:1: ", ["127.0.0.1:1"]),
            ("There is no Secret none in namespace shop", ["secret/none"]),
            ("it is no other thing to inspect", ["none.pem"]),
            ("it is no other thing to inspect", ["certificate/web"]),
            ("neither PEM nor a certificate in DER", [_world.File("text", "hello")]),
            ("it holds a private key and no certificate", [_world.File("key", await _world.EntryAsync("web", "tls.key"))]),
            ("--ca ", ["secret/web", "--ca", _world.File("no-ca", "hello")]),
            ("use 1 to 86400 seconds", ["secret/web", "--timeout", "0"]),
            ("'xml'", ["secret/web", "-o", "xml"]),
        ])
        {
            CommandResult result = await InspectAsync(arguments);
            Assert.Equal(ExitCodes.Failed, result.ExitCode);
            Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("shop.example.com:443", "shop.example.com:443")]
    [InlineData("[2001:db8::1]:8443", "[2001:db8::1]:8443")]
    [InlineData("https://shop.example.com", "shop.example.com:443")]
    [InlineData("https://shop.example.com:8443/path", "shop.example.com:8443")]
    [InlineData("2001:db8::1:443", null)]
    [InlineData("shop.example.com:0", null)]
    [InlineData("shop.example.com:65536", null)]
    [InlineData("sh op:443", null)]
    [InlineData("shop.example.com", null)]
    public void Servers_are_told_from_other_words(string text, string? address) => Assert.Equal(address, ServerAddress.Parse(text)?.ToString());

    private Task<CommandResult> InspectAsync(params string[] arguments) => _world.RunAsync(["inspect", .. arguments]);

    private static async Task<CommandResult> FindingsAsync(string pem, params string[] arguments)
    {
        CommandResult result = await CliRun.RunAsync(["inspect", "-", .. arguments], CliRun.WithInput(pem));
        Assert.Equal((ExitCodes.NotReady, ""), (result.ExitCode, result.Error));
        return result;
    }
}
