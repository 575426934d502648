using CertOperator.Acme.Challenges;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Issuance;
using CertOperator.Acme.Renewal;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Acme.Tests.Fake;

/// <summary>Orders that make use of what a server has beyond RFC 8555: replacements, profiles, lasting records.</summary>
public sealed class OrderExtensionTests
{
    [Theory]
    [InlineData(409, "alreadyReplaced", "certificate has been replaced")]
    [InlineData(409, "conflict", "cannot indicate an order replaces a certificate which already has a replacement order")]
    [InlineData(404, "malformed", "certificate not found")]
    [InlineData(403, "unauthorized", "requester account did not request the certificate being replaced by this order")]
    [InlineData(400, "malformed", "identifiers do not match")]
    [InlineData(500, "serverInternal", "error")]
    public async Task A_refusal_to_replace_a_certificate_costs_nothing_but_the_mention(int status, string type, string detail)
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Problem(status, type, detail), type == "serverInternal" ? 2 : 1);

        var step = await session.SkipWaitsAsync(session.StepAsync(session.Job() with { Replaces = "aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE" }, null));

        Assert.Contains(type, Assert.Single(Assert.IsType<OrderStep.Continue>(step).Notes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whether_the_CA_takes_an_order_for_a_replacement_is_noted(bool isEchoed)
    {
        await using var session = await FakeSession.StartAsync();
        var first = Assert.IsType<OrderStep.Issued>((await session.RunAsync(session.Job("a.example")))[^1]);
        Assert.True(CertificateId.TryCreate(first.Chain.Leaf.ToArray(), out var id));
        if (!isEchoed) session.Server.Faults.Add(AcmeEndpoint.NewOrder, AcmeFault.Edit(order => order.Remove("replaces")));

        var step = Assert.IsType<OrderStep.Continue>(await session.StepAsync(session.Job("a.example") with { Replaces = id.ToString() }, null));

        Assert.Equal(isEchoed, step.Notes.Count == 0);
        Assert.All(step.Notes, note => Assert.StartsWith("The CA did not say that this order replaces", note));
    }

    [Fact]
    public async Task A_preferred_profile_that_the_account_may_not_use_is_left_out()
    {
        await using var session = await FakeSession.StartAsync(new FakeAcmeOptions { Profiles = new Dictionary<string, TimeSpan> { ["short"] = TimeSpan.FromDays(6) } });
        var refusal = AcmeFault.Problem(403, "unauthorized", "account ID 1 is not permitted to use certificate profile \"short\"");
        session.Server.Faults.Add(AcmeEndpoint.NewOrder, refusal, 2);
        var job = session.Job() with { Profile = "short" };

        var required = Assert.IsType<OrderStep.Failed>(await session.StepAsync(job, null));
        var preferred = Assert.IsType<OrderStep.Continue>(await session.StepAsync(job with { IsProfileRequired = false }, null));

        Assert.Equal((FailureClass.Permanent, Fault.Request), (required.Failure.Class, required.Failure.Fault));
        Assert.Single(preferred.Notes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://ca.example/account/")]
    public async Task What_a_lasting_record_must_say_is_asked_of_the_CA_again_and_never_stored(string? prefix)
    {
        await using var session = await FakeSession.StartAsync(new FakeAcmeOptions { ChallengeTypes = ["dns-persist-01"], AccountHashPrefix = prefix });
        var name = Some.Name();
        var records = new List<TxtRecord>();
        var referee = new PersistentRecords(prefix, session.Time);
        session.Server.Behaviour.Validate = attempt => Task.FromResult(referee.Validate(attempt, records.Select(record => record.Value)));
        var job = Some.Job([name, $"*.{name}"], ChallengeTypes.DnsPersist01);
        var begun = Assert.IsType<OrderStep.Continue>(await session.StepAsync(job, null)).State;
        var present = Assert.IsType<OrderStep.NeedPresent>(await session.StepAsync(job, begun));
        Assert.DoesNotContain("accounturi", present.State.ToJson(), StringComparison.Ordinal);

        var again = Assert.IsType<OrderStep.NeedPresent>(await session.StepAsync(job, OrderState.FromJson(present.State.ToJson())));
        records.AddRange(again.Challenges.Select(challenge => challenge.Persistent!.Record()).Distinct());
        Assert.Equal($"_validation-persist.{name}", Assert.Single(records).Name);
        Assert.IsType<OrderStep.Issued>((await session.RunAsync(job, again.State.WithPresented()))[^1]);
    }
}
