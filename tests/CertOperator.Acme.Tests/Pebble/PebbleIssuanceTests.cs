using System.Security.Cryptography.X509Certificates;
using CertOperator.Acme.Certificates;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Issuance;
using CertOperator.Acme.Orders;
using CertOperator.Testing.Acme;

namespace CertOperator.Acme.Tests.Pebble;

/// <summary>Certificates from a CA that somebody else wrote.</summary>
public sealed class PebbleIssuanceTests(PebbleFixture pebble)
{
    private static readonly PebbleOptions Noisy = new() { NonceRejectPercent = 40 };
    private static readonly PebbleOptions Reusing = new() { AuthorizationReusePercent = 100 };
    private static readonly PebbleOptions Chains = new() { ChainLength = 2, AlternateRoots = 2 };
    private static readonly PebbleOptions Strict = new() { Strict = true };
    private static readonly PebbleOptions Sleepy = new() { ValidationSleepSeconds = 2 };

    [Theory]
    [InlineData(ChallengeTypes.Http01)]
    [InlineData(ChallengeTypes.Dns01)]
    [InlineData(ChallengeTypes.TlsAlpn01)]
    public async Task A_name_is_validated_by(string type) => await IssuesAsync(await SessionAsync(), [Some.Name()], type);

    [Fact]
    public async Task A_name_is_validated_by_dns_account_01()
    {
        PebbleServer.Require("2.8.0", "dns-account-01");
        await IssuesAsync(await SessionAsync(), [Some.Name()], ChallengeTypes.DnsAccount01);
    }

    [Fact]
    public async Task A_domain_and_its_wildcard_are_validated_by_a_lasting_record_time_and_again()
    {
        PebbleServer.Require("2.10.0", "dns-persist-01");
        var session = await SessionAsync();
        var name = Some.Name();
        await IssuesAsync(session, [name, $"*.{name}"], ChallengeTypes.DnsPersist01);
        await IssuesAsync(session, [name], ChallengeTypes.DnsPersist01);
    }

    [Fact]
    public async Task A_domain_and_its_wildcard_are_validated_at_one_record_name()
    {
        var name = Some.Name();
        await IssuesAsync(await SessionAsync(), [name, $"*.{name}"], ChallengeTypes.Dns01);
    }

    [Fact]
    public async Task Twenty_names_make_one_certificate() =>
        await IssuesAsync(await SessionAsync(), [.. Enumerable.Range(0, 20).Select(_ => Some.Name())], ChallengeTypes.Http01);

    [Fact]
    public async Task An_address_is_validated() => await IssuesAsync(await SessionAsync(), ["127.0.0.1"], ChallengeTypes.Http01);

    [Fact]
    public async Task Two_nonces_of_five_may_be_refused()
    {
        var session = await SessionAsync(Noisy);
        for (var i = 0; i < 5; i++) await IssuesAsync(session, [Some.Name()], ChallengeTypes.Http01);
    }

    [Fact]
    public async Task A_strict_server_is_content() => await IssuesAsync(await SessionAsync(Strict), [Some.Name()], ChallengeTypes.Http01);

    [Fact]
    public async Task A_server_that_takes_its_time_is_waited_for() => await IssuesAsync(await SessionAsync(Sleepy), [Some.Name()], ChallengeTypes.Http01);

    [Fact]
    public async Task What_was_validated_before_is_not_presented_again()
    {
        using var session = await SessionAsync(Reusing);
        string[] names = [Some.Name()];
        await session.Loop.IssueAsync(session.Account, Some.Job(names, ChallengeTypes.Http01));

        await session.Loop.IssueAsync(session.Account, Some.Job(names, "none at all"));
    }

    [Fact]
    public async Task A_preferred_chain_is_taken_and_any_other_if_there_is_none()
    {
        using var session = await SessionAsync(Chains);
        using var alternate = (await session.Server.RootsAsync())[1];
        var wanted = alternate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        var job = Some.Job([Some.Name()], ChallengeTypes.Http01) with { Chain = new ChainPreference { IssuerCommonName = wanted } };

        var chain = await session.Loop.IssueAsync(session.Account, job);
        var download = await session.Client.Certificates.DownloadAsync(session.Account, chain.Url, new ChainPreference { IssuerCommonName = "nobody" });

        using var top = X509CertificateLoader.LoadCertificate(chain.Certificates[^1].Span);
        Assert.Equal(wanted, top.GetNameInfo(X509NameType.SimpleName, forIssuer: true));
        Assert.Equal(3, chain.Certificates.Count);
        Assert.False(download.IsPreferred);
    }

    [Fact]
    public async Task A_name_that_answers_wrongly_is_named_with_its_reason()
    {
        using var session = await SessionAsync();
        var name = Some.Name();
        var loop = new OrderLoop(session.Client, new((_, _) => Task.CompletedTask, (_, _) => Task.CompletedTask));

        var failure = (await Assert.ThrowsAsync<AcmeException>(() => loop.IssueAsync(session.Account, Some.Job([name], ChallengeTypes.Http01)))).Failure;

        Assert.Equal((FailureClass.NewOrder, Fault.Validation, AcmeStage.Validation), (failure.Class, failure.Fault, failure.Stage));
        Assert.Contains(name, failure.Message);
        Assert.Equal(Identifier.Dns(name), failure.Problem!.Identifier);
    }

    [Fact]
    public async Task A_name_that_the_CA_refuses_is_named()
    {
        using var session = await PebbleSession.StartAsync(await pebble.GetAsync(Blocking));

        var failure = (await Assert.ThrowsAsync<AcmeException>(() => session.Loop.IssueAsync(session.Account, Some.Job([Some.Name(), "blocked.example"], ChallengeTypes.Http01)))).Failure;

        Assert.Equal((FailureClass.Permanent, Fault.Request, ProblemTypes.RejectedIdentifier), (failure.Class, failure.Fault, failure.Problem!.Type));
        Assert.Contains("blocked.example", failure.Message);
    }

    [Fact]
    public async Task Twenty_orders_at_once_share_a_client()
    {
        using var session = await SessionAsync();
        var jobs = Enumerable.Range(0, 20).Select(_ => Some.Job([Some.Name()], ChallengeTypes.Http01));

        var chains = await Task.WhenAll(jobs.Select(job => session.Loop.IssueAsync(session.Account, job)));

        Assert.Equal(20, chains.Select(chain => Convert.ToHexString(chain.Leaf.Span)).Distinct().Count());
    }

    private static readonly PebbleOptions Blocking = new() { BlockedNames = ["blocked.example"] };

    private static async Task IssuesAsync(PebbleSession session, string[] names, string type)
    {
        var chain = await session.Loop.IssueAsync(session.Account, Some.Job(names, type));

        using var leaf = X509CertificateLoader.LoadCertificate(chain.Leaf.Span);
        Assert.Equal(names.Select(Some.Identifier).ToHashSet(), SigningRequestFacts.Read(leaf).Names);
        Assert.Equal(chain.Certificates.Count, chain.ToPem().Split("BEGIN CERTIFICATE").Length - 1);
    }

    private async Task<PebbleSession> SessionAsync(PebbleOptions? options = null) => await PebbleSession.StartAsync(await pebble.GetAsync(options));
}
