using System.Text.Json.Nodes;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Issuance;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Acme.Tests.Fake;

/// <summary>Orders that cannot succeed: what, whose fault, and what can be done.</summary>
public sealed class OrderFailureTests
{
    [Theory]
    [InlineData("dns", "SERVFAIL looking up A", FailureClass.NewOrder, Fault.Validation)]
    [InlineData("connection", "timeout", FailureClass.NewOrder, Fault.Validation)]
    [InlineData("unauthorized", "404", FailureClass.NewOrder, Fault.Validation)]
    [InlineData("caa", "CAA record prevents issuance", FailureClass.Permanent, Fault.Validation)]
    [InlineData("caa", "SERVFAIL looking up CAA", FailureClass.NewOrder, Fault.Validation)]
    [InlineData("rejectedIdentifier", "policy", FailureClass.Permanent, Fault.Request)]
    public async Task A_name_that_cannot_be_validated_is_named_with_its_reason(string type, string detail, FailureClass gravity, Fault fault)
    {
        await using var session = await FakeSession.StartAsync();
        var bad = Some.Name();
        session.Server.Behaviour.Validate = attempt => Task.FromResult(attempt.Identifier.Value == bad ? new Testing.Acme.Faults.ValidationFailure(type, detail) : null);

        var failure = await session.FailAsync(session.Job(bad, Some.Name()));

        Assert.Equal((gravity, fault, AcmeStage.Validation), (failure.Class, failure.Fault, failure.Stage));
        Assert.Contains(bad, failure.Message);
        Assert.Contains(detail, failure.Message);
        Assert.Empty(session.Server.Issued);
    }

    [Fact]
    public async Task Each_of_several_bad_names_is_named()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Behaviour.Validate = attempt => Task.FromResult<Testing.Acme.Faults.ValidationFailure?>(new("dns", $"nothing at {attempt.Identifier.Value}"));
        string[] names = [Some.Name(), Some.Name()];

        var failure = await session.FailAsync(session.Job(names));

        Assert.All(names, name => Assert.Contains(name, failure.Message));
        Assert.Equal(names.Order(), failure.Problem!.Subproblems.Select(problem => problem.Identifier!.Value).Order());
    }

    [Fact]
    public async Task A_name_that_is_never_validated_ends_the_order_after_a_while()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Behaviour.LooksUntilValidated = int.MaxValue;

        var failure = await session.FailAsync(session.Job());

        Assert.Equal((FailureClass.NewOrder, Fault.Ca), (failure.Class, failure.Fault));
    }

    [Fact]
    public async Task A_rate_limit_is_waited_for_and_not_taken_for_the_end()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.RateLimited("3600"));

        var failure = Assert.IsType<OrderStep.Failed>(await session.StepAsync(session.Job(), null)).Failure;

        Assert.Equal((FailureClass.Transient, Fault.Ca), (failure.Class, failure.Fault));
        Assert.Equal(session.Now.AddHours(1), failure.NotBefore);
        Assert.NotNull(failure.Help);
        Assert.NotEqual(LimitScope.None, failure.Limit);
    }

    [Theory]
    [InlineData("#new-orders-per-account", LimitScope.Account)]
    [InlineData("#new-registrations-per-ip-address", LimitScope.Account)]
    [InlineData("#new-certificates-per-registered-domain", LimitScope.Identifiers)]
    [InlineData("#authorization-failures-per-identifier-per-account", LimitScope.Identifiers)]
    [InlineData("#something-new", LimitScope.Unknown)]
    [InlineData("", LimitScope.Unknown)]
    public async Task What_a_limit_counts_is_read_from_the_section_that_the_words_or_the_link_name(string section, LimitScope scope)
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.RateLimited("3600", section));
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Instead(
            () => AcmeReply.Problem(429, "rateLimited", "too many").WithLink("help", new Uri($"https://ca.example/limits{section}")).With("Retry-After", "60")));

        Assert.Equal(scope, Assert.IsType<OrderStep.Failed>(await session.StepAsync(session.Job(), null)).Failure.Limit);
        Assert.Equal(scope, Assert.IsType<OrderStep.Failed>(await session.StepAsync(session.Job(), null)).Failure.Limit);
    }

    [Fact]
    public async Task Paused_names_need_the_user_and_the_portal_is_told()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Paused("https://ca.example/unpause"));

        var failure = await session.FailAsync(session.Job());

        Assert.Equal((FailureClass.NeedsUser, null), (failure.Class, failure.NotBefore));
        Assert.Contains("https://ca.example/unpause", failure.Message);
    }

    [Fact]
    public async Task An_order_for_other_names_or_another_profile_than_asked_for_is_not_gone_on_with()
    {
        await using var session = await FakeSession.StartAsync(new FakeAcmeOptions { Profiles = new Dictionary<string, TimeSpan> { ["short"] = TimeSpan.FromDays(6) } });
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Edit(order => order["identifiers"] = new JsonArray(new JsonObject { ["type"] = "dns", ["value"] = "other.example" })));
        var names = Assert.IsType<OrderStep.Failed>(await session.StepAsync(session.Job(), null));
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Edit(order => order["profile"] = "long"));
        var profile = Assert.IsType<OrderStep.Failed>(await session.StepAsync(session.Job() with { Profile = "short" }, null));

        Assert.Contains("the order is for other names than were asked for", names.Failure.Message);
        Assert.Contains("made an order with the profile \"long\" where \"short\" was asked for", profile.Failure.Message);
        Assert.All([names, profile], failed => Assert.Null(failed.State));
    }

    [Fact]
    public async Task Refused_names_are_listed()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Rejected("bad.example", "worse.example"));

        var failure = await session.FailAsync(session.Job());

        Assert.Equal(["bad.example", "worse.example"], failure.Problem!.Subproblems.Select(problem => problem.Identifier!.Value));
        Assert.Contains("worse.example", failure.Message);
    }

    [Fact]
    public async Task An_order_that_fails_after_it_was_finalized_tells_why()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Behaviour.IssuanceFailure = new("caa", "CAA record for example.org prevents issuance");

        var failure = await session.FailAsync(session.Job());

        Assert.Equal((FailureClass.Permanent, Fault.Validation), (failure.Class, failure.Fault));
        Assert.Contains("CAA record for example.org", failure.Message);
    }

    [Theory]
    [InlineData("revoked")]
    [InlineData("expired")]
    [InlineData("deactivated")]
    public async Task An_authorization_that_is_over_calls_for_a_new_order(string status)
    {
        await using var session = await FakeSession.StartAsync();
        var job = session.Job();
        var begun = Assert.IsType<OrderStep.Continue>(await session.StepAsync(job, null));
        session.Server.SetAuthorizations(status);

        var failure = Assert.IsType<OrderStep.Failed>(await session.StepAsync(job, begun.State)).Failure;

        Assert.Equal(FailureClass.NewOrder, failure.Class);
        Assert.Contains(status, failure.Message);
    }

    [Fact]
    public async Task A_CA_that_forgot_everything_does_not_know_the_account()
    {
        await using var session = await FakeSession.StartAsync();
        var job = session.Job();
        var begun = Assert.IsType<OrderStep.Continue>(await session.StepAsync(job, null));
        session.Server.Wipe();

        Assert.True(Assert.IsType<OrderStep.Failed>(await session.StepAsync(job, begun.State)).Failure.IsAccountGone);
    }

    [Fact]
    public async Task An_order_that_the_CA_forgot_calls_for_a_new_one()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.Order, AcmeFault.Empty(404));

        Assert.Equal(FailureClass.NewOrder, (await session.FailAsync(session.Job())).Class);
    }

    [Fact]
    public async Task A_certificate_for_another_key_or_without_a_name_or_expired_is_never_returned()
    {
        using var other = Some.Key();
        var changes = new Dictionary<string, Action<LeafContent>>
        {
            ["another key"] = leaf => leaf.Key = new System.Security.Cryptography.X509Certificates.PublicKey(other),
            ["lacks the name"] = leaf => leaf.Names = [.. leaf.Names.Skip(1)],
            ["expired"] = leaf => (leaf.NotBefore, leaf.NotAfter) = (leaf.NotBefore.AddYears(-1), leaf.NotBefore.AddDays(-1)),
        };
        foreach (var (problem, change) in changes)
        {
            await using var session = await FakeSession.StartAsync();
            session.Server.Behaviour.Issue = change;

            var failure = await session.FailAsync(session.Job(Some.Name(), Some.Name()));

            Assert.Equal((FailureClass.NewOrder, Fault.Ca, AcmeStage.Certificate), (failure.Class, failure.Fault, failure.Stage));
            Assert.Contains(problem, failure.Message);
        }
    }

    [Fact]
    public async Task A_name_that_no_solver_can_validate_is_the_issuers_fault()
    {
        await using var session = await FakeSession.StartAsync();

        var failure = await session.FailAsync(Some.Job([$"*.{Some.Name()}"], ChallengeTypes.Http01));

        Assert.Equal((FailureClass.Permanent, Fault.Issuer), (failure.Class, failure.Fault));
        Assert.Contains("dns-01", failure.Message);
    }

    [Theory]
    [InlineData("UPPER.example.org", null)]
    [InlineData("", "empty")]
    [InlineData("a..example.org", "empty label")]
    [InlineData("a.example.org.", "dot")]
    [InlineData("*.*.example.org", "wildcard")]
    [InlineData("bücher.example.org", "punycode")]
    public async Task A_name_that_no_CA_takes_costs_no_request(string name, string? problem)
    {
        await using var session = await FakeSession.StartAsync();
        using var key = Some.Key();
        var job = Some.Job([Some.Name()], ChallengeTypes.Http01) with { Identifiers = [new Orders.Identifier("dns", name)] };

        var step = await session.StepAsync(job, null);

        if (problem is null)
        {
            Assert.IsType<OrderStep.Continue>(step);
            return;
        }

        Assert.Contains(problem, Assert.IsType<OrderStep.Failed>(step).Failure.Message);
        Assert.Equal(0, session.Count(AcmeEndpoint.NewOrder));
    }

    [Fact]
    public async Task A_state_that_somebody_else_wrote_leads_to_a_new_order_and_nowhere_else()
    {
        await using var session = await FakeSession.StartAsync();
        await using var elsewhere = await FakeSession.StartAsync();
        var job = session.Job();
        var good = Assert.IsType<OrderStep.Continue>(await session.StepAsync(job, null)).State;
        var other = Assert.IsType<OrderStep.Continue>(await session.StepAsync(session.Job(), null)).State;
        var challenge = Assert.IsType<OrderStep.NeedPresent>(await session.StepAsync(job, good)).Challenges[0];
        var before = elsewhere.Server.Requests.Count;
        OrderState[] bad =
        [
            good with { Directory = elsewhere.Server.DirectoryUrl },
            good with { Account = elsewhere.Account.Url },
            good with { Order = new Uri(elsewhere.Server.DirectoryUrl, "/order/1") },
            good with { Order = new Uri("order/1", UriKind.Relative) },
            good with { Order = other.Order },
            good with { Challenges = [challenge with { Url = elsewhere.Server.DirectoryUrl }] },
            good with { Challenges = [challenge with { Token = "../../secret" }] },
            good with { Challenges = [challenge with { Type = "unknown-01" }] },
            good with { Challenges = [null!] },
        ];
        foreach (var state in bad)
        {
            var step = Assert.IsType<OrderStep.Continue>(await session.StepAsync(job, state));
            Assert.Equal(good.Account, step.State.Account);
            Assert.Empty(step.State.Challenges);
        }

        Assert.Equal(before, elsewhere.Server.Requests.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"directory":null,"account":null,"order":null,"startedAt":"2026-01-01T00:00:00Z"}""")]
    [InlineData("""{"directory":"a","account":"b","order":"c","startedAt":"never"}""")]
    public void A_state_that_is_none_is_not_read(string json) => Assert.Null(OrderState.FromJson(json));
}
