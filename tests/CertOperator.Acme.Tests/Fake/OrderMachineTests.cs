using CertOperator.Acme.Challenges;
using CertOperator.Acme.Issuance;
using CertOperator.Acme.Orders;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Acme.Tests.Fake;

/// <summary>Orders that succeed, whatever the server does on the way.</summary>
public sealed class OrderMachineTests
{
    [Fact]
    public async Task An_order_takes_nine_requests_and_says_what_to_do_at_each_step()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Behaviour.ValidatesAtOnce = true;
        var before = session.Server.Requests.Count;

        var steps = await session.RunAsync(session.Job());

        Assert.Equal(
            [typeof(OrderStep.Continue), typeof(OrderStep.NeedPresent), typeof(OrderStep.NeedCleanup), typeof(OrderStep.WaitUntil), typeof(OrderStep.Issued)],
            steps.Select(step => step.GetType()));
        Assert.InRange(session.Server.Requests.Count - before, 1, 9);
        Assert.Equal(1, session.Count(AcmeEndpoint.NewNonce));
    }

    [Fact]
    public async Task Within_one_process_an_order_that_was_just_made_is_not_asked_for()
    {
        await using var session = await FakeSession.StartAsync();
        var job = session.Job();
        var made = Assert.IsType<OrderStep.Continue>(await session.StepAsync(job, null)).State;

        Assert.IsType<OrderStep.NeedPresent>(await session.StepAsync(job, made));
        Assert.Equal(0, session.Count(AcmeEndpoint.Order));

        session.Time.Advance(TimeSpan.FromMinutes(2));
        var later = Assert.IsType<OrderStep.NeedPresent>(await session.StepAsync(job, made)).State;
        Assert.Equal(1, session.Count(AcmeEndpoint.Order));
        Assert.IsType<OrderStep.NeedPresent>(await session.StepAsync(job, later.WithoutChallenges()));
        Assert.Equal(2, session.Count(AcmeEndpoint.Order));
    }

    [Fact]
    public async Task The_reply_to_an_answer_says_when_to_look_first()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Behaviour.RetryAfter = "3";
        var job = session.Job(Some.Name(), Some.Name());
        var begun = Assert.IsType<OrderStep.Continue>(await session.StepAsync(job, null));
        var present = Assert.IsType<OrderStep.NeedPresent>(await session.StepAsync(job, begun.State));
        var looks = session.Count(AcmeEndpoint.Authorization);

        var wait = Assert.IsType<OrderStep.WaitUntil>(await session.StepAsync(job, present.State.WithPresented()));

        Assert.Equal(session.Now.AddSeconds(3), wait.At);
        Assert.Equal(2, wait.Names.Count);
        Assert.Equal(2, session.Count(AcmeEndpoint.Challenge));
        Assert.Equal(looks, session.Count(AcmeEndpoint.Authorization));
    }

    [Fact]
    public async Task A_server_that_asks_for_three_seconds_is_looked_at_once_after_three_seconds()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Behaviour.RetryAfter = "3";
        session.Server.Behaviour.LooksUntilValid = 0;
        session.Server.Behaviour.ValidatesAtOnce = true;
        var start = session.Now;

        await session.RunAsync(session.Job());

        Assert.Equal(TimeSpan.FromSeconds(3), session.Now - start);
        Assert.Equal(3, session.Count(AcmeEndpoint.Order));
    }

    [Fact]
    public async Task A_Retry_After_of_a_day_delays_an_order_by_an_hour()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Behaviour.RetryAfter = "86400";

        var steps = await session.RunAsync(session.Job());

        Assert.All(steps.OfType<OrderStep.WaitUntil>(), wait => Assert.InRange(wait.At - session.Now, TimeSpan.FromDays(-1), TimeSpan.FromHours(1)));
        Assert.IsType<OrderStep.Issued>(steps[^1]);
    }

    public static TheoryData<string> Habits => [.. Behaviours.Keys];

    private static readonly Dictionary<string, Action<ServerBehaviour>> Behaviours = new()
    {
        ["validates late"] = b => b.LooksUntilValidated = 5,
        ["is ready late"] = b => b.LooksUntilReady = 3,
        ["makes the certificate late"] = b => b.LooksUntilValid = 6,
        ["says valid before it tells where"] = b => b.LooksUntilCertificate = 3,
        ["answers with the certificate at once"] = b => b.FinalizesAtOnce = true,
        ["validates while it is told to"] = b => b.ValidatesAtOnce = true,
        ["is late with everything"] = b => (b.LooksUntilValidated, b.LooksUntilReady, b.LooksUntilValid, b.LooksUntilCertificate) = (2, 2, 2, 2),
    };

    [Theory]
    [MemberData(nameof(Habits))]
    public async Task A_certificate_comes_of_one_order_from_a_server_that(string habit)
    {
        await using var session = await FakeSession.StartAsync();
        Behaviours[habit](session.Server.Behaviour);

        var steps = await session.RunAsync(session.Job(Some.Name(), Some.Name()));

        Assert.IsType<OrderStep.Issued>(steps[^1]);
        Assert.Equal(1, session.Count(AcmeEndpoint.NewOrder));
        Assert.Single(session.Server.Issued);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task A_step_whose_result_is_lost_can_be_taken_again(int lost)
    {
        await using var session = await FakeSession.StartAsync(new FakeAcmeOptions { ReusesOrders = true });

        var steps = await session.RunAsync(session.Job(), losesStep: index => index == lost);

        Assert.IsType<OrderStep.Issued>(steps[^1]);
        Assert.Single(session.Server.Issued);
    }

    [Theory]
    [InlineData(AcmeEndpoint.NewOrder)]
    [InlineData(AcmeEndpoint.Order)]
    [InlineData(AcmeEndpoint.Authorization)]
    [InlineData(AcmeEndpoint.Challenge)]
    [InlineData(AcmeEndpoint.Finalize)]
    [InlineData(AcmeEndpoint.Certificate)]
    public async Task An_answer_that_is_lost_costs_no_certificate(AcmeEndpoint endpoint)
    {
        foreach (var fault in new[] { AcmeFault.LostBefore(), AcmeFault.LostAfter(), AcmeFault.CutAfter() })
        {
            await using var session = await FakeSession.StartAsync(new FakeAcmeOptions { ReusesOrders = true });
            session.Server.Faults.Add(endpoint, fault);

            var steps = await session.SkipWaitsAsync(session.RunAsync(session.Job()));

            Assert.IsType<OrderStep.Issued>(steps[^1]);
            Assert.Single(session.Server.Issued);
        }
    }

    [Fact]
    public async Task What_is_validated_already_is_not_presented()
    {
        await using var session = await FakeSession.StartAsync(new FakeAcmeOptions { ReusesAuthorizations = true });
        var name = Some.Name();
        await session.RunAsync(session.Job(name));

        var steps = await session.RunAsync(session.Job(name));

        Assert.IsType<OrderStep.Issued>(steps[^1]);
        Assert.DoesNotContain(steps, step => step is OrderStep.NeedPresent);
    }

    [Fact]
    public async Task Challenges_are_answered_as_they_come_to_be_presented()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Behaviour.ValidatesAtOnce = true;
        var job = session.Job(Some.Name(), Some.Name());
        var begun = Assert.IsType<OrderStep.Continue>(await session.StepAsync(job, null));
        var all = Assert.IsType<OrderStep.NeedPresent>(await session.StepAsync(job, begun.State));

        var rest = Assert.IsType<OrderStep.NeedPresent>(await session.StepAsync(job, all.State.WithPresented(challenge => challenge == all.Challenges[0])));

        Assert.Equal([all.Challenges[1].Url], rest.Challenges.Select(challenge => challenge.Url));
        Assert.Equal([true, false], rest.State.Challenges.Select(challenge => challenge.IsValid));
        Assert.Equal(1, session.Count(AcmeEndpoint.Challenge));
    }

    [Fact]
    public async Task A_server_that_leaves_a_failed_challenge_open_is_told_to_look_again_and_again()
    {
        await using var session = await FakeSession.StartAsync();
        var left = 3;
        session.Server.Behaviour.Validate = _ => Task.FromResult(
            left-- > 0 ? new Testing.Acme.Faults.ValidationFailure("connection", "no route to host") { MayBeTriedAgain = true } : null);

        var steps = await session.RunAsync(session.Job());

        Assert.IsType<OrderStep.Issued>(steps[^1]);
        Assert.Equal(4, session.Count(AcmeEndpoint.Challenge));
        Assert.Contains(steps.OfType<OrderStep.WaitUntil>(), wait => wait.Why.Contains("no route to host") && wait.Names.Single().Problem is not null);
    }

    [Fact]
    public async Task An_order_that_is_not_ready_after_all_is_finalized_later()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.Finalize, AcmeFault.Problem(403, "orderNotReady", "not yet"));

        var steps = await session.RunAsync(session.Job());

        Assert.IsType<OrderStep.Issued>(steps[^1]);
        Assert.Equal(2, session.Count(AcmeEndpoint.Finalize));
        Assert.Equal(1, session.Count(AcmeEndpoint.NewOrder));
    }

    [Fact]
    public async Task Giving_up_an_order_gives_up_its_authorizations()
    {
        await using var session = await FakeSession.StartAsync();
        var begun = Assert.IsType<OrderStep.Continue>(await session.StepAsync(session.Job(), null));
        var order = await session.Client.Orders.GetAsync(session.Account, begun.State.Order);

        await session.Machine.AbandonAsync(session.Account, begun.State);

        var authorization = Assert.Single(await session.Client.Orders.GetAuthorizationsAsync(session.Account, order.Authorizations));
        Assert.Equal(AuthorizationStatus.Deactivated, authorization.Status);
    }

    [Fact]
    public async Task The_first_type_that_both_sides_know_is_chosen()
    {
        await using var session = await FakeSession.StartAsync();
        var job = Some.Job([Some.Name()], "carrier-pigeon-01", ChallengeTypes.Dns01, ChallengeTypes.Http01);
        var begun = Assert.IsType<OrderStep.Continue>(await session.StepAsync(job, null));

        var present = Assert.IsType<OrderStep.NeedPresent>(await session.StepAsync(job, begun.State));

        Assert.Equal(ChallengeTypes.Dns01, Assert.Single(present.Challenges).Type);
    }
}
