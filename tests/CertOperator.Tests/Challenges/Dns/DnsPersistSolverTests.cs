using System.Text.Json;
using CertOperator.Acme.Accounts;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Issuance;
using CertOperator.Acme.Jose;
using CertOperator.Acme.Orders;
using CertOperator.Acme.Protocol;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Http;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Testing.Dns;
using AcmeChallenge = CertOperator.Acme.Orders.Challenge;

namespace CertOperator.Challenges.Dns;

/// <summary>Lasting records, with Knot as the zones' name server and as the provider.</summary>
public sealed class DnsPersistSolverTests : IAsyncLifetime
{
    private const string Place = "_validation-persist.example.com";
    private const string Mine = "ca.example; accounturi=https://acme.example.com/account/1";

    private static readonly DateTimeOffset Later = DateTimeOffset.FromUnixTimeSeconds(4_000_000_000);

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly LocalAccountKey _key = LocalAccountKey.Generate();
    private KnotServer _knot = null!;
    private ProviderWorld _world = null!;
    private DnsServices _services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _knot = await KnotServer.StartAsync(
            new DnsZone("example.com", "_validation-persist.own CNAME own.example.com."), new DnsZone("half.org", "@ NS dead", "dead A 127.0.0.2"));
        _services = new DnsServices(new EndpointGuard(allowLoopback: true), _time) { DnsPort = _knot.Endpoint.Port };
        _world = await ProviderWorld.Of(_knot, Spec(writes: true), _knot.TextsAsync).WithCredentialAsync(_knot.Sha256Key.Secret);
    }

    public async ValueTask DisposeAsync()
    {
        _key.Dispose();
        _services.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_provider_the_record_to_set_is_told_and_waited_for_and_left_there()
    {
        DnsPersistSolver solver = NewSolver();
        var told = Assert.IsType<Presentation.NotYet>(await solver.PresentAsync(Task(), Cancel));
        Assert.True(told.NeedsUser);
        Assert.Equal(
            $"Set the TXT record {Place} with the text \"{Mine}\", which the CA validates example.com by for as long as it stands. 0 of 1 name servers show the TXT record {Place}: ns.example.com answers NameError.",
            told.Why);
        Assert.Equal(_time.GetUtcNow().AddSeconds(10), told.LookAgain);
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(_time.GetUtcNow().AddMinutes(5), Assert.IsType<Presentation.NotYet>(await solver.PresentAsync(Task(), Cancel)).LookAgain);

        await SetAsync(Place, Mine);
        Assert.Equal(new Presentation.InPlace(), await solver.PresentAsync(Task(), Cancel));
        Assert.True(await solver.RemoveAsync(Task(), Cancel));
        Assert.Equal([Mine], await _knot.TextsAsync(Place));
    }

    [Theory]
    [InlineData("*.example.com", "policy=wildcard")]
    [InlineData("example.com", "persistUntil=4000000000")]
    public async Task The_record_says_what_is_asked_for(string name, string part)
    {
        ChallengeTask task = Task(name, Spec() with { PersistUntil = part.StartsWith("persist", StringComparison.Ordinal) ? Later : null });
        Assert.Contains($"\"{Mine}; {part}\"", Assert.IsType<Presentation.NotYet>(await NewSolver().PresentAsync(task, Cancel)).Why, StringComparison.Ordinal);

        await SetAsync(Place, $"{Mine}; {part}");
        var found = Assert.IsType<Presentation.InPlace>(await NewSolver().PresentAsync(task, Cancel));
        Assert.Equal(part.StartsWith("persist", StringComparison.Ordinal) ? new Lapse(Place, Later) : null, found.Lapse);
    }

    [Fact]
    public async Task A_record_that_has_ended_is_told_of()
    {
        DateTimeOffset end = DateTimeOffset.FromUnixTimeSeconds(_time.GetUtcNow().ToUnixTimeSeconds() - 60);
        await SetAsync(Place, $"{Mine}; persistUntil={end.ToUnixTimeSeconds()}");

        string why = Assert.IsType<Presentation.NotYet>(await NewSolver().PresentAsync(Task(), Cancel)).Why;
        Assert.EndsWith($"for as long as it stands. {Place} ended at {end:u}.", why, StringComparison.Ordinal);

        await SetAsync(Place, Mine);
        Assert.Equal(new Presentation.InPlace(), await NewSolver().PresentAsync(Task(), Cancel));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("; policy=wildcard", true)]
    public async Task That_of_a_domain_above_will_do_if_it_is_for_all_names_below(string policy, bool isFound)
    {
        await SetAsync(Place, Mine + policy);
        Assert.Equal(isFound, await NewSolver().PresentAsync(Task("a.b.example.com"), Cancel) is Presentation.InPlace);
    }

    [Fact]
    public async Task A_provider_has_it_written_once_for_all_times()
    {
        DnsPersistSolver solver = NewSolver();
        ChallengeTask apex = Task("example.com", Spec(writes: true), coversWildcard: true), wildcard = Task("*.example.com", Spec(writes: true));
        Assert.Equal(new Presentation.InPlace(), await solver.PresentAsync(apex, Cancel));
        Assert.Equal(new Presentation.InPlace(), await solver.PresentAsync(wildcard, Cancel));
        Assert.True(await solver.RemoveAsync(apex, Cancel));
        Assert.Equal(new Presentation.InPlace(), await NewSolver().PresentAsync(wildcard, Cancel));

        Assert.Equal([$"{Mine}; policy=wildcard"], await _knot.TextsAsync(Place));
    }

    [Fact]
    public async Task A_record_that_is_delegated_is_followed_and_written_there()
    {
        ChallengeTask task = Task("own.example.com", Spec(writes: true) with { CnameStrategy = "Follow" });
        Assert.Equal(new Presentation.InPlace(), await NewSolver().PresentAsync(task, Cancel));
        Assert.Equal([Mine], await _knot.TextsAsync("own.example.com"));
    }

    [Theory]
    [InlineData("Off", null)]
    [InlineData(null, "None")]
    public async Task Unlooked_at_the_CA_decides(string? selfCheck, string? check)
    {
        Dns01Spec spec = Spec() with { Propagation = new PropagationSpec { Check = check } };
        Assert.Equal(new Presentation.InPlace(), await NewSolver().PresentAsync(Task(spec: spec, selfCheck: selfCheck), Cancel));
        Assert.Empty(await _knot.TextsAsync(Place));

        await NewSolver().PresentAsync(Task(spec: Spec(writes: true) with { Propagation = spec.Propagation }, selfCheck: selfCheck), Cancel);
        Assert.Equal([Mine], await _knot.TextsAsync(Place));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("Required", false)]
    public async Task Servers_that_lag_are_waited_for_and_not_for_ever_unless_that_is_asked_for(string? selfCheck, bool isInPlaceInTheEnd)
    {
        await SetAsync("_validation-persist.half.org", Mine, "half.org");
        DnsPersistSolver solver = NewSolver();
        ChallengeTask task = Task("half.org", selfCheck: selfCheck);
        var early = Assert.IsType<Presentation.NotYet>(await solver.PresentAsync(task, Cancel));
        Assert.Contains("1 of 2 name servers show the TXT record", early.Why, StringComparison.Ordinal);
        Assert.False(early.NeedsUser);

        _time.Advance(TimeSpan.FromMinutes(2) + TimeSpan.FromSeconds(1));
        Assert.Equal(isInPlaceInTheEnd, await solver.PresentAsync(task, Cancel) is Presentation.InPlace);
    }

    [Fact]
    public async Task What_can_never_be_is_told_at_once()
    {
        ChallengeTask task = Task();
        ChallengeTask without = task with { Challenge = task.Challenge with { Persistent = null } };
        Assert.Contains("names no issuer that a record can be made for", Assert.IsType<Presentation.Impossible>(await NewSolver().PresentAsync(without, Cancel)).Why, StringComparison.Ordinal);

        ChallengeTask past = Task(spec: Spec(writes: true) with { PersistUntil = DateTimeOffset.UnixEpoch });
        Assert.StartsWith("persistUntil of its solver is over", Assert.IsType<Presentation.Impossible>(await NewSolver().PresentAsync(past, Cancel)).Why, StringComparison.Ordinal);

        ChallengeTask tooLong = Task(spec: Spec(writes: true), account: $"https://acme.example.com/account/{new string('1', 250)}");
        Assert.Contains("is longer than DNS providers take", Assert.IsType<Presentation.NotYet>(await NewSolver().PresentAsync(tooLong, Cancel)).Why, StringComparison.Ordinal);
        Assert.Empty(await _knot.TextsAsync(Place));
    }

    private DnsPersistSolver NewSolver() => new(_services, _world.Client, "cert-operator");

    private Task SetAsync(string name, string text, string zone = "example.com") => _world.Provider.AddAsync(new TxtRecord(name, zone, text, zone), Cancel);

    private ChallengeTask Task(
        string name = "example.com", Dns01Spec? spec = null, string? selfCheck = null, bool coversWildcard = false, string account = "https://acme.example.com/account/1")
    {
        var client = new AcmeAccount(new Uri(account), _key);
        var challenge = new PendingChallenge
        {
            Identifier = Identifier.Dns(name),
            Type = ChallengeTypes.DnsPersist01,
            Url = new Uri($"https://acme.example.com/challenge/{name}"),
            Authorization = new Uri("https://acme.example.com/authorization/1"),
            Persistent = DnsPersist01.Of(Identifier.Dns(name), Offered(), Directory, client, coversWildcard),
        };
        var acme = new AcmeIssuerSpec { Server = Directory.Url.OriginalString, PrivateKeySecretRef = new SecretKeyRef { Name = "account" }, SelfCheck = selfCheck };
        return new ChallengeTask(
            new ObjectKey("dns", "web"),
            new Issuer { Metadata = new ObjectMeta { Name = "acme", Namespace = "dns" }, Spec = new IssuerSpec { Acme = acme } },
            new AcmeSolverSpec { Dns01 = spec ?? Spec() },
            challenge,
            new ChallengeAccount(client.Url, _key.Thumbprint));
    }

    private static AcmeDirectory Directory { get; } = new()
    {
        Url = new Uri("https://acme.example.com/directory"),
        NewNonce = new Uri("https://acme.example.com/nonce"),
        NewAccount = new Uri("https://acme.example.com/account"),
        NewOrder = new Uri("https://acme.example.com/order"),
    };

    private static AcmeChallenge Offered()
    {
        using JsonDocument names = JsonDocument.Parse("[\"ca.example\"]");
        return new AcmeChallenge
        {
            Type = ChallengeTypes.DnsPersist01,
            Url = new Uri("https://acme.example.com/challenge/1"),
            Status = CertOperator.Acme.Orders.ChallengeStatus.Pending,
            Extensions = new Dictionary<string, JsonElement> { ["issuer-domain-names"] = names.RootElement.Clone() },
        };
    }

    private Dns01Spec Spec(bool writes = false) => new()
    {
        ChallengeType = ChallengeTypes.DnsPersist01,
        Nameservers = [_knot.Endpoint.ToString()],
        Rfc2136 = !writes ? null : new Rfc2136Spec
        {
            Nameserver = _knot.Endpoint.ToString(),
            TsigKeyName = _knot.Sha256Key.Name,
            TsigAlgorithm = "HMACSHA256",
            TsigSecretSecretRef = ProviderWorld.Credential,
        },
    };
}
