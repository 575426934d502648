using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Acme.Accounts;
using CertOperator.Acme.Certificates;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Issuance;
using CertOperator.Acme.Jose;
using CertOperator.Acme.Orders;
using CertOperator.Acme.Protocol;
using CertOperator.Testing.Acme;

namespace CertOperator.Benchmarks.Acme;

/// <summary>The library as its README shows it: one client, one account, a new key for each certificate.</summary>
internal sealed class LibraryClient : IDisposable
{
    private readonly AcmeClient _client;
    private readonly OrderLoop _loop;
    private readonly LocalAccountKey _key = LocalAccountKey.Generate();
    private AcmeAccount _account = null!;

    private LibraryClient(PebbleServer server, ChallengePort challenges)
    {
        _client = new AcmeClient(server.DirectoryUrl, new AcmeClientOptions { Trust = [server.Trust] });
        _loop = new OrderLoop(_client, new ChallengeResponder(Each(challenges.Add), Each(challenges.Remove)));
    }

    public static async Task<LibraryClient> OpenAsync(PebbleServer server, ChallengePort challenges)
    {
        var opened = new LibraryClient(server, challenges);
        opened._account = (await opened._client.Accounts.RegisterAsync(opened._key, new Registration { AgreesToTerms = true })).Account;
        return opened;
    }

    public async Task<AcmeChain> IssueAsync(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var job = new OrderJob([Identifier.Dns(name)], _ => new(SigningRequest(key, name)), _ => [ChallengeTypes.Http01]);
        return await _loop.IssueAsync(_account, job);
    }

    /// <summary>PKCS#10 in DER.</summary>
    public static byte[] SigningRequest(ECDsa key, string name)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        return new CertificateRequest("", key, HashAlgorithmName.SHA256) { CertificateExtensions = { names.Build(critical: true) } }.CreateSigningRequest();
    }

    public void Dispose()
    {
        _client.Dispose();
        _key.Dispose();
    }

    private Func<IReadOnlyList<PendingChallenge>, CancellationToken, Task> Each(Action<Http01> action) => (challenges, _) =>
    {
        foreach (var challenge in challenges)
        {
            action(Http01.Of(challenge.Token!, _key.Thumbprint));
        }

        return Task.CompletedTask;
    };
}
