using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Acme.Accounts;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Issuance;
using CertOperator.Acme.Jose;
using CertOperator.Acme.Orders;
using CertOperator.Acme.Protocol;
using CertOperator.Testing;
using CertOperator.Testing.Acme;

namespace CertOperator.Acme.Tests.Pebble;

/// <summary>The example of the README is the one that runs here.</summary>
public sealed class ReadmeExampleTests(PebbleFixture pebble)
{
    [Fact]
    public async Task The_example_issues_a_certificate()
    {
        var server = await pebble.GetAsync();
        var path = Path.GetTempFileName();
        try
        {
            await RunAsync(
                server.DirectoryUrl, [server.Trust], path,
                answer => server.Challenges.AddHttpAsync(Http01.TokenOf(answer.Path)!, answer.Body),
                answer => server.Challenges.RemoveHttpAsync(Http01.TokenOf(answer.Path)!));

            using var leaf = X509CertificateLoader.LoadCertificateFromFile(path);
            Assert.True(leaf.MatchesHostname("www.example.org"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_example_is_that_of_the_README()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "src", "CertOperator.Acme", "README.md"));
        var example = readme.Split("```csharp\n")[1].Split("```")[0];

        var source = File.ReadAllLines(ThisFile).SkipWhile(line => !line.EndsWith("// The example", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.EndsWith("// Its end", StringComparison.Ordinal)).Select(line => line.Length > 8 ? line[8..] : "");
        Assert.Equal(example, string.Join('\n', source) + "\n");
    }

    private static async Task RunAsync(Uri directory, X509Certificate2Collection trust, string path, Func<Http01, Task> publish, Func<Http01, Task> withdraw)
    {
        // The example
        using var client = new AcmeClient(directory, new AcmeClientOptions { Trust = trust });
        using var accountKey = LocalAccountKey.Generate();
        var account = (await client.Accounts.RegisterAsync(accountKey, new Registration { AgreesToTerms = true })).Account;

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("www.example.org");
        var request = new CertificateRequest("", key, HashAlgorithmName.SHA256) { CertificateExtensions = { names.Build(critical: true) } };

        var responder = new ChallengeResponder(
            (challenges, _) => Task.WhenAll(challenges.Select(c => publish(Http01.Of(c.Token!, accountKey.Thumbprint)))),
            (challenges, _) => Task.WhenAll(challenges.Select(c => withdraw(Http01.Of(c.Token!, accountKey.Thumbprint)))));
        var job = new OrderJob([Identifier.Dns("www.example.org")], _ => new(request.CreateSigningRequest()), _ => [ChallengeTypes.Http01]);
        var chain = await new OrderLoop(client, responder).IssueAsync(account, job);
        File.WriteAllText(path, chain.ToPem());
        // Its end
    }

    private static string ThisFile =>
        Path.Combine(Repository.Root, "tests", "CertOperator.Acme.Tests", "Pebble", $"{nameof(ReadmeExampleTests)}.cs");
}
