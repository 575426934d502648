using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Acme.Certificates;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Issuance;
using CertOperator.Acme.Jose;
using CertOperator.Acme.Renewal;
using CertOperator.Testing.Acme;

namespace CertOperator.Acme.Tests.Pebble;

/// <summary>Revocation, renewal information, replacement and profiles at Pebble.</summary>
public sealed class PebbleCertificateTests(PebbleFixture pebble)
{
    private static readonly PebbleOptions Profiles = new()
    {
        Profiles = new Dictionary<string, TimeSpan> { ["long"] = TimeSpan.FromDays(90), ["short"] = TimeSpan.FromHours(160) },
    };

    [Fact]
    public async Task An_account_revokes_what_it_got_and_doing_so_twice_is_no_error()
    {
        using var session = await SessionAsync();
        var chain = await IssueAsync(session);
        using var leaf = X509CertificateLoader.LoadCertificate(chain.Leaf.Span);

        await session.Client.Certificates.RevokeAsync(session.Account, chain.Leaf, RevocationReason.CessationOfOperation);
        await session.Client.Certificates.RevokeAsync(session.Account, chain.Leaf);

        Assert.True(await session.Server.IsRevokedAsync(leaf));
    }

    [Fact]
    public async Task A_certificate_is_revoked_by_its_own_key()
    {
        using var session = await SessionAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificateKey = LocalAccountKey.FromPem(key.ExportPkcs8PrivateKeyPem());
        var name = Some.Name();
        var job = Some.Job([name], ChallengeTypes.Http01) with { SigningRequest = _ => new(Some.SigningRequest(key, name)) };
        var chain = await session.Loop.IssueAsync(session.Account, job);
        using var leaf = X509CertificateLoader.LoadCertificate(chain.Leaf.Span);

        await session.Client.Certificates.RevokeAsync(certificateKey, chain.Leaf, RevocationReason.KeyCompromise);

        Assert.True(await session.Server.IsRevokedAsync(leaf));
    }

    [Fact]
    public async Task A_reason_that_the_CA_does_not_take_is_told()
    {
        using var session = await SessionAsync();
        var chain = await IssueAsync(session);

        var failure = (await Assert.ThrowsAsync<AcmeException>(() => session.Client.Certificates.RevokeAsync(session.Account, chain.Leaf, (RevocationReason)7))).Failure;

        Assert.Equal((FailureClass.Permanent, ProblemTypes.BadRevocationReason), (failure.Class, failure.Problem!.Type));
    }

    [Fact]
    public async Task The_CA_says_when_to_renew_and_that_a_revoked_certificate_is_due()
    {
        PebbleServer.Require("2.6.0", "renewal information");
        using var session = await SessionAsync();
        var chain = await IssueAsync(session);
        Assert.True(CertificateId.TryCreate(chain.Leaf.Span, out var id));

        var before = await session.Client.Certificates.GetRenewalInfoAsync(id);
        await session.Client.Certificates.RevokeAsync(session.Account, chain.Leaf);
        var after = await session.Client.Certificates.GetRenewalInfoAsync(id);

        var now = TimeProvider.System.GetUtcNow();
        Assert.True(before!.Start > now, $"{before}");
        Assert.True(before.NextCheck > now, $"{before}");
        Assert.True(after!.End < now, $"{after}");
    }

    [Theory]
    [InlineData("""{"suggestedWindow":{"start":"2026-02-01T00:00:00Z","end":"2026-01-01T00:00:00Z"}}""")]
    [InlineData("""{"suggestedWindow":{"start":"yesterday","end":"tomorrow"}}""")]
    [InlineData("""{"suggestedWindow":{}}""")]
    [InlineData("not JSON at all")]
    public async Task Renewal_information_that_makes_no_sense_is_none(string answer)
    {
        PebbleServer.Require("2.8.0", "setting renewal information");
        using var session = await SessionAsync();
        var chain = await IssueAsync(session);
        using var leaf = X509CertificateLoader.LoadCertificate(chain.Leaf.Span);
        Assert.True(CertificateId.TryCreate(chain.Leaf.Span, out var id));
        await session.Server.SetRenewalInfoAsync(leaf, answer);

        Assert.Null(await session.Client.Certificates.GetRenewalInfoAsync(id));
    }

    [Fact]
    public async Task A_renewal_names_what_it_replaces_and_a_second_one_still_succeeds()
    {
        PebbleServer.Require("2.10.0", "refusing to replace twice");
        using var session = await SessionAsync();
        string[] names = [Some.Name()];
        var first = await session.Loop.IssueAsync(session.Account, Some.Job(names, ChallengeTypes.Http01));
        Assert.True(CertificateId.TryCreate(first.Leaf.Span, out var id));
        var renewal = Some.Job(names, ChallengeTypes.Http01) with { Replaces = id.ToString() };
        var machine = new OrderMachine(session.Client);

        var replacing = Assert.IsType<OrderStep.Continue>(await machine.StepAsync(session.Account, renewal, state: null));
        await session.Loop.IssueAsync(session.Account, renewal);
        var again = Assert.IsType<OrderStep.Continue>(await machine.StepAsync(session.Account, renewal, state: null));

        Assert.Equal(id.ToString(), (await session.Client.Orders.GetAsync(session.Account, replacing.State.Order)).Replaces);
        Assert.Null((await session.Client.Orders.GetAsync(session.Account, again.State.Order)).Replaces);
        Assert.Contains("replacement", Assert.Single(again.Notes));
    }

    [Fact]
    public async Task A_profile_decides_the_lifetime()
    {
        PebbleServer.Require("2.7.0", "profiles");
        using var session = await SessionAsync(Profiles);

        var chain = await session.Loop.IssueAsync(session.Account, Some.Job([Some.Name()], ChallengeTypes.Http01) with { Profile = "short" });

        using var leaf = X509CertificateLoader.LoadCertificate(chain.Leaf.Span);
        Assert.InRange(leaf.NotAfter - leaf.NotBefore, TimeSpan.FromHours(159), TimeSpan.FromHours(161));
    }

    [Fact]
    public async Task An_end_that_is_asked_for_is_kept()
    {
        using var session = await SessionAsync();
        var end = TimeProvider.System.GetUtcNow().AddHours(30);

        var chain = await session.Loop.IssueAsync(session.Account, Some.Job([Some.Name()], ChallengeTypes.Http01) with { NotAfter = end });

        using var leaf = X509CertificateLoader.LoadCertificate(chain.Leaf.Span);
        Assert.InRange(leaf.NotAfter.ToUniversalTime(), end.UtcDateTime.AddSeconds(-2), end.UtcDateTime.AddSeconds(2));
    }

    [Fact]
    public async Task A_profile_that_the_CA_lacks_fails_where_required_and_is_left_out_where_preferred()
    {
        PebbleServer.Require("2.7.0", "profiles");
        using var session = await SessionAsync(Profiles);
        var machine = new OrderMachine(session.Client);
        var job = Some.Job([Some.Name()], ChallengeTypes.Http01) with { Profile = "golden" };

        var required = Assert.IsType<OrderStep.Failed>(await machine.StepAsync(session.Account, job, state: null));
        var preferred = Assert.IsType<OrderStep.Continue>(await machine.StepAsync(session.Account, job with { IsProfileRequired = false }, state: null));

        Assert.Equal((FailureClass.Permanent, Fault.Request), (required.Failure.Class, required.Failure.Fault));
        Assert.Contains("long, short", required.Failure.Message);
        Assert.Contains("golden", Assert.Single(preferred.Notes));
    }

    [Fact]
    public async Task A_request_with_the_accounts_key_is_never_sent()
    {
        using var session = await SessionAsync();
        using var accountKey = ECDsa.Create();
        accountKey.ImportFromPem(session.Key.ToPem());
        var name = Some.Name();
        var job = Some.Job([name], ChallengeTypes.Http01) with { SigningRequest = _ => new(Some.SigningRequest(accountKey, name)) };

        var failure = (await Assert.ThrowsAsync<AcmeException>(() => session.Loop.IssueAsync(session.Account, job))).Failure;

        Assert.Equal((Fault.Client, AcmeStage.Finalize), (failure.Fault, failure.Stage));
    }

    private static Task<AcmeChain> IssueAsync(PebbleSession session) => session.Loop.IssueAsync(session.Account, Some.Job([Some.Name()], ChallengeTypes.Http01));

    private async Task<PebbleSession> SessionAsync(PebbleOptions? options = null) => await PebbleSession.StartAsync(await pebble.GetAsync(options));
}
