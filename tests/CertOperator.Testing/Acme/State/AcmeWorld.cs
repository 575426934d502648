using System.Globalization;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Testing.Acme.State;

/// <summary>All that the server knows. One request at a time reads and writes it.</summary>
internal sealed class AcmeWorld(FakeAcmeOptions options, ServerBehaviour behaviour) : IDisposable
{
    private int _lastId;

    public FakeAcmeOptions Options { get; } = options;

    public ServerBehaviour Behaviour { get; } = behaviour;

    public Nonces Nonces { get; } = new(options.Time);

    public FakeAuthority Authority { get; } = new(options);

    /// <summary>Known once the server listens.</summary>
    public AcmeUrls Urls { get; set; } = null!;

    public Dictionary<string, FakeAccount> Accounts { get; } = [];

    public Dictionary<string, FakeOrder> Orders { get; } = [];

    public Dictionary<string, FakeAuthorization> Authorizations { get; } = [];

    public Dictionary<string, FakeChallenge> Challenges { get; } = [];

    public Dictionary<string, FakeCertificate> Certificates { get; } = [];

    /// <summary>External account keys that have bound an account.</summary>
    public HashSet<string> BoundKeys { get; } = [];

    public DateTimeOffset Now => Options.Time.GetUtcNow();

    // Numbers never come again, not even after a wipe.
    public string NewId() => (++_lastId).ToString(CultureInfo.InvariantCulture);

    public Uri UrlOf(FakeAccount account) => Urls.Of(AcmeEndpoint.Account, account.Id);

    public Uri UrlOf(FakeOrder order) => Urls.Of(AcmeEndpoint.Order, order.Id);

    /// <summary>Forgets accounts and all that they had, as a CA that lost its database; certificates are still known.</summary>
    public void Wipe()
    {
        Accounts.Clear();
        Orders.Clear();
        Authorizations.Clear();
        Challenges.Clear();
        BoundKeys.Clear();
        Nonces.Forget();
    }

    public void Dispose() => Authority.Dispose();
}
