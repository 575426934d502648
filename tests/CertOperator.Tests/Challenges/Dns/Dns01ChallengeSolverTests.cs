using CertOperator.Acme.Challenges;
using CertOperator.Acme.Issuance;
using CertOperator.Acme.Orders;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Http;
using CertOperator.Controllers;
using CertOperator.Controllers.Solvers;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Controllers;
using CertOperator.Runtime.Objects;
using CertOperator.Testing.Dns;

namespace CertOperator.Challenges.Dns;

/// <summary>From a challenge to its record and back, with Knot as the provider and as the zone's only name server.</summary>
public sealed class Dns01ChallengeSolverTests : IAsyncLifetime
{
    private const string Place = "_acme-challenge.example.com";
    private const string Thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
    private const string OtherThumbprint = "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U";

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly ListLogger _log = new();
    private KnotServer _knot = null!;
    private ProviderWorld _world = null!;
    private DnsServices _services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _knot = await KnotServer.StartAsync(new DnsZone("example.com", "_acme-challenge.www CNAME www.auth.net.", "*._acme-challenge.own CNAME own.auth.net."), new DnsZone("auth.net"));
        _services = new DnsServices(new EndpointGuard(allowLoopback: true), _time) { DnsPort = _knot.Endpoint.Port };
        _world = await ProviderWorld.Of(_knot, Spec(), _knot.TextsAsync).WithCredentialAsync(_knot.Sha256Key.Secret);
    }

    public async ValueTask DisposeAsync()
    {
        _services.Dispose();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_record_is_written_once_seen_and_removed_alone()
    {
        await _world.Provider.AddAsync(ProviderWorld.Record("others"), Cancel);
        IChallengeSolver solver = NewSolver();
        Assert.Equal(new Presentation.InPlace(), await solver.PresentAsync(Task(), Cancel));
        Assert.Equal(new Presentation.InPlace(), await solver.PresentAsync(Task(), Cancel));
        Assert.Equal(Sorted("others", ValueOf()), Sorted([.. await _world.ValuesAsync()]));

        Assert.True(await solver.RemoveAsync(Task(), Cancel));
        Assert.True(await solver.RemoveAsync(Task(), Cancel));
        Assert.Equal(["others"], await _world.ValuesAsync());
    }

    [Fact]
    public async Task A_domain_and_its_wildcard_have_a_value_each()
    {
        IChallengeSolver solver = NewSolver();
        ChallengeTask apex = Task(), wildcard = Task("*.example.com", token: "token-of-the-wildcard-0001");
        await System.Threading.Tasks.Task.WhenAll(solver.PresentAsync(apex, Cancel), solver.PresentAsync(wildcard, Cancel));
        Assert.Equal(2, (await _world.ValuesAsync()).Count);

        await solver.RemoveAsync(apex, Cancel);
        Assert.Equal([ValueOf(token: "token-of-the-wildcard-0001")], await _world.ValuesAsync());
        await solver.RemoveAsync(wildcard, Cancel);
        Assert.Empty(await _world.ValuesAsync());
    }

    [Fact]
    public async Task A_restart_finds_the_record_again_where_the_delegation_leads()
    {
        ChallengeTask task = Task("www.example.com") with { Solver = new AcmeSolverSpec { Dns01 = Spec() with { CnameStrategy = "Follow" } } };
        Assert.Equal(new Presentation.InPlace(), await NewSolver().PresentAsync(task, Cancel));
        Assert.Equal([ValueOf()], await _knot.TextsAsync("www.auth.net"));

        Assert.True(await NewSolver().RemoveAsync(task, Cancel));
        Assert.Empty(await _knot.TextsAsync("www.auth.net"));
    }

    [Theory]
    [InlineData("example.com", null, "_ujmmovf2vn55tgye._acme-challenge.example.com")]
    [InlineData("own.example.com", "Follow", "own.auth.net")]
    public async Task The_record_of_dns_account_01_has_a_name_of_the_accounts_own(string domain, string? strategy, string place)
    {
        await _world.Provider.AddAsync(ProviderWorld.Record("others"), Cancel);
        ChallengeTask apex = OfAccount(domain, "token-of-the-challenge-0001"), wildcard = OfAccount($"*.{domain}", "token-of-the-wildcard-0001");
        Assert.Equal(new Presentation.InPlace(), await NewSolver().PresentAsync(apex, Cancel));
        Assert.Equal(new Presentation.InPlace(), await NewSolver().PresentAsync(wildcard, Cancel));
        Assert.Equal(Sorted(ValueOf(), ValueOf(token: "token-of-the-wildcard-0001")), Sorted([.. await _knot.TextsAsync(place)]));

        // A restart finds them again.
        Assert.True(await NewSolver().RemoveAsync(wildcard, Cancel));
        Assert.Equal([ValueOf()], await _knot.TextsAsync(place));
        Assert.True(await NewSolver().RemoveAsync(apex, Cancel));
        Assert.Empty(await _knot.TextsAsync(place));
        Assert.Equal(["others"], await _world.ValuesAsync());

        ChallengeTask OfAccount(string name, string token)
        {
            ChallengeTask task = Task(name, token);
            return task with
            {
                Solver = new AcmeSolverSpec { Dns01 = Spec() with { ChallengeType = ChallengeTypes.DnsAccount01, CnameStrategy = strategy } },
                Challenge = task.Challenge with { Type = ChallengeTypes.DnsAccount01 },
            };
        }
    }

    [Fact]
    public async Task Another_account_key_has_another_value()
    {
        IChallengeSolver solver = NewSolver();
        await solver.PresentAsync(Task(), Cancel);
        await solver.PresentAsync(Task(thumbprint: OtherThumbprint), Cancel);
        Assert.Equal(Sorted(ValueOf(), ValueOf(OtherThumbprint)), Sorted([.. await _world.ValuesAsync()]));

        await solver.RemoveAsync(Task(), Cancel);
        Assert.Equal([ValueOf(OtherThumbprint)], await _world.ValuesAsync());
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("Advisory", true)]
    [InlineData("Required", false)]
    public async Task A_record_that_is_not_seen_is_waited_for_and_not_for_ever_unless_that_is_asked_for(string? selfCheck, bool isInPlaceInTheEnd)
    {
        IChallengeSolver solver = NewSolver();
        ChallengeTask task = Task(selfCheck: selfCheck);
        await solver.PresentAsync(task, Cancel);
        await _world.Provider.RemoveAsync(ProviderWorld.Record(ValueOf()), Cancel);

        var early = Assert.IsType<Presentation.NotYet>(await solver.PresentAsync(task, Cancel));
        Assert.Contains($"0 of 1 name servers show the TXT record {Place}", early.Why, StringComparison.Ordinal);
        Assert.True(early.LookAgain > _time.GetUtcNow());
        _time.Advance(TimeSpan.FromMinutes(2) + TimeSpan.FromSeconds(1));
        Presentation late = await solver.PresentAsync(task, Cancel);
        Assert.Equal(isInPlaceInTheEnd ? new Presentation.InPlace(early.Why) : new Presentation.NotYet(_time.GetUtcNow() + TimeSpan.FromSeconds(5), early.Why), late);
    }

    [Fact]
    public async Task Without_a_check_nobody_is_asked()
    {
        IChallengeSolver solver = NewSolver();
        await solver.PresentAsync(Task(selfCheck: "Off"), Cancel);
        await _world.Provider.RemoveAsync(ProviderWorld.Record(ValueOf()), Cancel);

        Assert.Equal(new Presentation.InPlace(), await solver.PresentAsync(Task(selfCheck: "Off"), Cancel));
    }

    [Fact]
    public async Task What_the_provider_refuses_is_told_without_its_key_and_tried_again()
    {
        await _world.WithCredentialAsync(_knot.Sha512Key.Secret);
        IChallengeSolver solver = NewSolver();
        var refused = Assert.IsType<Presentation.NotYet>(await solver.PresentAsync(Task(), Cancel));
        Assert.StartsWith($"The name server {_knot.Endpoint} has not added the TXT record at {Place}: ", refused.Why, StringComparison.Ordinal);
        Assert.DoesNotContain(_knot.Sha512Key.Secret, refused.Why, StringComparison.Ordinal);
        Assert.False(await solver.RemoveAsync(Task(), Cancel));

        await _world.WithCredentialAsync(_knot.Sha256Key.Secret);
        Assert.Equal(new Presentation.InPlace(), await solver.PresentAsync(Task(), Cancel));
    }

    [Fact]
    public async Task A_record_that_could_not_be_removed_is_removed_later_and_each_wait_is_as_long_as_all_before_it()
    {
        (Dns01ChallengeSolver solver, LeftRecordReconciler reconciler) = await LeaveRecordAsync();
        Assert.Equal(Outcome.After(TimeSpan.FromMinutes(1)), await reconciler.ReconcileAsync(Certificate, Cancel));
        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(Outcome.After(TimeSpan.FromMinutes(3)), await reconciler.ReconcileAsync(Certificate, Cancel));
        Assert.Equal([ValueOf()], await _world.ValuesAsync());
        Assert.Equal(Outcome.Done, await reconciler.ReconcileAsync(new ObjectKey("dns", "another"), Cancel));

        await _world.WithCredentialAsync(_knot.Sha256Key.Secret);
        Assert.Equal(Outcome.Done, await reconciler.ReconcileAsync(Certificate, Cancel));
        Assert.Empty(await _world.ValuesAsync());
        Assert.Empty(solver.LeftOf(Certificate));
    }

    [Fact]
    public async Task After_a_day_somebody_is_asked_to_remove_it()
    {
        (Dns01ChallengeSolver solver, LeftRecordReconciler reconciler) = await LeaveRecordAsync();
        _time.Advance(TimeSpan.FromHours(25));
        Assert.Equal(Outcome.Done, await reconciler.ReconcileAsync(Certificate, Cancel));
        Assert.Empty(solver.LeftOf(Certificate));
        Assert.Contains(_log.Lines, line => line.Contains("The TXT record that validated example.com for Certificate dns/web is still there after a day", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("dns")]
    [InlineData("another")]
    public async Task The_credentials_of_a_cluster_issuer_are_in_the_operators_namespace(string operatorNamespace)
    {
        IChallengeSolver solver = NewSolver(operatorNamespace);
        ChallengeTask task = Task() with { Issuer = new ClusterIssuer { Metadata = new ObjectMeta { Name = "acme" }, Spec = AcmeSpec(null) } };

        Presentation found = await solver.PresentAsync(task, Cancel);
        if (operatorNamespace == "dns")
            Assert.Equal(new Presentation.InPlace(), found);
        else
            Assert.Contains("another/credentials", Assert.IsType<Presentation.NotYet>(found).Why, StringComparison.Ordinal);
    }

    /// <summary>A record in place, and its provider refuses to remove it.</summary>
    private async Task<(Dns01ChallengeSolver Solver, LeftRecordReconciler Reconciler)> LeaveRecordAsync()
    {
        Dns01ChallengeSolver solver = NewSolver();
        var told = new List<ObjectKey>();
        solver.Left += told.Add;
        await solver.PresentAsync(Task(), Cancel);
        await _world.WithCredentialAsync(_knot.Sha512Key.Secret);
        Assert.False(await solver.RemoveAsync(Task(), Cancel));
        Assert.False(await solver.RemoveAsync(Task(), Cancel));
        Assert.Equal([Certificate], told);
        return (solver, new LeftRecordReconciler(solver, _time, _log.CreateLogger("test")));
    }

    private Dns01ChallengeSolver NewSolver(string operatorNamespace = "cert-operator") => new(_services, _world.Client, operatorNamespace, _log.CreateLogger("test"));

    private static ObjectKey Certificate { get; } = new("dns", "web");

    private ChallengeTask Task(string name = "example.com", string token = "token-of-the-challenge-0001", string thumbprint = Thumbprint, string? selfCheck = null) => new(
        Certificate,
        new Issuer { Metadata = new ObjectMeta { Name = "acme", Namespace = "dns" }, Spec = AcmeSpec(selfCheck) },
        new AcmeSolverSpec { Dns01 = Spec() },
        new PendingChallenge
        {
            Identifier = Identifier.Dns(name),
            Type = ChallengeTypes.Dns01,
            Url = new Uri($"https://acme.example.com/challenge/{token}"),
            Authorization = new Uri("https://acme.example.com/authorization/1"),
            Token = token,
        },
        new ChallengeAccount(new Uri("https://example.com/acme/acct/ExampleAccount"), thumbprint));

    private static IssuerSpec AcmeSpec(string? selfCheck) => new()
    {
        Acme = new AcmeIssuerSpec { Server = "https://acme.example.com/directory", PrivateKeySecretRef = new SecretKeyRef { Name = "account" }, SelfCheck = selfCheck },
    };

    private Dns01Spec Spec() => new()
    {
        Nameservers = [_knot.Endpoint.ToString()],
        Rfc2136 = new Rfc2136Spec
        {
            Nameserver = _knot.Endpoint.ToString(),
            TsigKeyName = _knot.Sha256Key.Name,
            TsigAlgorithm = "HMACSHA256",
            TsigSecretSecretRef = ProviderWorld.Credential,
        },
    };

    private static string ValueOf(string thumbprint = Thumbprint, string token = "token-of-the-challenge-0001")
        => CertOperator.Acme.Challenges.Dns01.Of(Identifier.Dns("example.com"), token, thumbprint).Value;

    private static string[] Sorted(params string[] values) => [.. values.Order(StringComparer.Ordinal)];
}
