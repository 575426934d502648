using System.Security.Cryptography.X509Certificates;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acme.Tests.Servers;

public sealed class LegoTests
{
    private const string Name = "lego.example";

    [Fact]
    public async Task A_client_of_others_gets_a_certificate_of_the_fake_server()
    {
        await using var server = await FakeAcmeServer.StartAsync();
        var port = FreePorts.Take(1)[0];
        server.Behaviour.Validate = attempt => ChallengeChecks.HttpAsync(attempt, port);
        // lego sleeps five seconds before it looks again.
        server.Behaviour.ValidatesAtOnce = server.Behaviour.FinalizesAtOnce = true;
        var folder = Directory.CreateTempSubdirectory("cert-operator-lego-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "trust.pem"), server.TrustPem);
            (await RunAsync(server, folder, port)).OrThrow();
            var leaf = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Path.Combine(folder, "certificates", $"{Name}.crt")));
            Assert.Equal(server.Issued.Single().RawData, leaf.RawData);
            Assert.True(leaf.MatchesHostname(Name));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<CommandResult> RunAsync(FakeAcmeServer server, string folder, int port)
    {
        try
        {
            return Command.RunAsync(
                TestCache.Lego,
                [
                    "--server", server.DirectoryUrl.OriginalString, "--accept-tos", "--email", "test@example.com", "--domains", Name,
                    "--http", "--http.port", $"127.0.0.1:{port}", "--path", folder, "run",
                ],
                environment: new Dictionary<string, string> { ["LEGO_CA_CERTIFICATES"] = Path.Combine(folder, "trust.pem") });
        }
        catch (MissingPartException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }
}
