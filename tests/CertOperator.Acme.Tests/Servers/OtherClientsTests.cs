using System.Security.Cryptography.X509Certificates;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acme.Tests.Servers;

/// <summary>Clients that others have written get certificates of the fake server: it asks nothing that the field does not do.</summary>
public sealed class OtherClientsTests : IAsyncLifetime
{
    private const string Name = "clients.example";
    private const string Address = "test@example.com";

    private readonly string _folder = Directory.CreateTempSubdirectory("cert-operator-clients-").FullName;
    private readonly int _port = FreePorts.Take(1)[0];
    private FakeAcmeServer _server = null!;

    private string Trust => Path.Combine(_folder, "trust.pem");

    public async ValueTask InitializeAsync()
    {
        _server = await FakeAcmeServer.StartAsync();
        _server.Behaviour.Validate = attempt => ChallengeChecks.HttpAsync(attempt, _port);
        // These clients sleep for seconds before they look again.
        _server.Behaviour.ValidatesAtOnce = _server.Behaviour.FinalizesAtOnce = true;
        await File.WriteAllTextAsync(Trust, _server.TrustPem);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Lego()
    {
        var run = await MissingPart.SkipsAsync(() => Command.RunAsync(
            TestCache.Lego,
            [
                "--server", _server.DirectoryUrl.OriginalString, "--accept-tos", "--email", Address, "--domains", Name,
                "--http", "--http.port", $"127.0.0.1:{_port}", "--path", _folder, "run",
            ],
            environment: new Dictionary<string, string> { ["LEGO_CA_CERTIFICATES"] = Trust }));
        run.OrThrow();
        AssertIssued(Path.Combine(_folder, "certificates", $"{Name}.crt"));
    }

    [Fact]
    public async Task Certbot()
    {
        var run = await MissingPart.SkipsAsync(() => Command.RunAsync(
            "/usr/bin/python3",
            [
                TestCache.Certbot, "certonly", "--standalone", "--non-interactive", "--agree-tos", "--email", Address, "--no-eff-email",
                "--server", _server.DirectoryUrl.OriginalString, "--http-01-port", $"{_port}", "--http-01-address", "127.0.0.1",
                "--config-dir", _folder, "--work-dir", _folder, "--logs-dir", _folder, "-d", Name,
            ],
            environment: new Dictionary<string, string> { ["REQUESTS_CA_BUNDLE"] = Trust, ["PYTHONPATH"] = TestCache.CertbotModules }));
        run.OrThrow();
        AssertIssued(Path.Combine(_folder, "live", Name, "cert.pem"));
    }

    private void AssertIssued(string file)
    {
        using var leaf = X509Certificate2.CreateFromPem(File.ReadAllText(file));
        Assert.Equal(Assert.Single(_server.Issued).RawData, leaf.RawData);
        Assert.True(leaf.MatchesHostname(Name));
    }
}
