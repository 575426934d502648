using CertOperator.Acme.Accounts;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Issuance;
using CertOperator.Acme.Jose;
using CertOperator.Acme.Protocol;
using CertOperator.Testing.Acme;

namespace CertOperator.Acme.Tests.Pebble;

/// <summary>A client with an account at a Pebble, and its challenges answered by Pebble's challenge server.</summary>
internal sealed class PebbleSession : IDisposable
{
    private PebbleSession(PebbleServer server)
    {
        Server = server;
        Client = new AcmeClient(server.DirectoryUrl, new AcmeClientOptions { Trust = [server.Trust] });
        Key = LocalAccountKey.Generate();
    }

    public PebbleServer Server { get; }

    public AcmeClient Client { get; }

    public LocalAccountKey Key { get; }

    public AcmeAccount Account { get; private set; } = null!;

    public OrderLoop Loop => new(Client, new ChallengeResponder(PresentAsync, RemoveAsync));

    public static async Task<PebbleSession> StartAsync(PebbleServer server, Registration? registration = null)
    {
        var session = new PebbleSession(server);
        session.Account = (await session.Client.Accounts.RegisterAsync(session.Key, registration ?? new Registration { AgreesToTerms = true })).Account;
        return session;
    }

    public void Dispose()
    {
        Client.Dispose();
        Key.Dispose();
    }

    public async Task PresentAsync(IReadOnlyList<PendingChallenge> challenges, CancellationToken cancel)
    {
        foreach (var challenge in challenges) await PresentAsync(challenge);
    }

    private Task PresentAsync(PendingChallenge challenge) => challenge.Type switch
    {
        ChallengeTypes.Http01 => Server.Challenges.AddHttpAsync(challenge.Token!, Http01.Of(challenge.Token!, Key.Thumbprint).Body),
        ChallengeTypes.Dns01 => AddTextAsync(Dns01.Of(challenge.Identifier, challenge.Token!, Key.Thumbprint)),
        ChallengeTypes.DnsAccount01 => AddTextAsync(Dns01.OfAccount(challenge.Identifier, challenge.Token!, Key.Thumbprint, Account.Url)),
        ChallengeTypes.DnsPersist01 => AddTextAsync(challenge.Persistent!.Record(TimeProvider.System.GetUtcNow().AddDays(1))),
        _ => Server.Challenges.AddTlsAlpnAsync(challenge.Identifier.Value, KeyAuthorization.Of(challenge.Token!, Key.Thumbprint)),
    };

    private async Task RemoveAsync(IReadOnlyList<PendingChallenge> challenges, CancellationToken cancel)
    {
        foreach (var challenge in challenges) await RemoveAsync(challenge);
    }

    private Task RemoveAsync(PendingChallenge challenge) => challenge.Type switch
    {
        ChallengeTypes.Http01 => Server.Challenges.RemoveHttpAsync(challenge.Token!),
        ChallengeTypes.Dns01 => Server.Challenges.ClearTextsAsync(Dns01.Of(challenge.Identifier, challenge.Token!, Key.Thumbprint).Name),
        ChallengeTypes.DnsAccount01 => Server.Challenges.ClearTextsAsync(Dns01.OfAccount(challenge.Identifier, challenge.Token!, Key.Thumbprint, Account.Url).Name),
        ChallengeTypes.DnsPersist01 => Task.CompletedTask,
        _ => Server.Challenges.RemoveTlsAlpnAsync(challenge.Identifier.Value),
    };

    private Task AddTextAsync(TxtRecord record) => Server.Challenges.AddTextAsync(record.Name, record.Value);
}
