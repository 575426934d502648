using CertOperator.Api;
using CertOperator.Issuers;
using CertOperator.Rotation;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers.Certificates;

/// <summary>Who waits after a failure, and what ends the wait.</summary>
public class IssuancePlannerTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Next = Now.AddHours(1);

    [Fact]
    public void A_failure_is_waited_for_in_its_own_words()
        => Assert.Equal(new Plan.Wait(Next, "Refused", "It failed."), IssuancePlanner.Decide(Failed()));

    [Fact]
    public void The_wait_ends_in_the_second_in_which_it_is_over()
    {
        Assert.IsType<Plan.Wait>(IssuancePlanner.Decide(Failed() with { Now = Next.AddSeconds(-1) }));
        Assert.IsType<Plan.Issue>(IssuancePlanner.Decide(Failed() with { Now = Next }));
    }

    [Fact]
    public void A_changed_spec_ends_it() => Assert.IsType<Plan.Issue>(IssuancePlanner.Decide(Failed(generation: 2)));

    [Fact]
    public void A_changed_issuer_ends_it() => Assert.IsType<Plan.Issue>(IssuancePlanner.Decide(Failed() with { Issuers = [Ready("ca", generation: 2)] }));

    [Fact]
    public void Another_ca_behind_the_issuer_ends_it()
        => Assert.IsType<Plan.Issue>(IssuancePlanner.Decide(Failed() with { Issuers = [Ready("ca", fingerprint: "other")] }));

    [Fact]
    public void An_issuer_that_is_not_ready_is_waited_for_without_a_time()
    {
        IssuerState issuer = Ready("ca") with { Reason = "IssuerNotReady", Message = "Its Secret is missing." };

        var wait = Assert.IsType<Plan.Wait>(IssuancePlanner.Decide(Failed() with { Issuers = [issuer] }));
        Assert.Equal((null, "IssuerNotReady"), (wait.Until, wait.Reason));
        Assert.EndsWith("Its Secret is missing.", wait.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("today", null, true)]
    [InlineData("today", "today", false)]
    [InlineData("tomorrow", "today", true)]
    [InlineData("", "today", false)]
    public void The_users_wish_ends_it_once(string? wish, string? seen, bool issues)
        => Assert.Equal(issues, IssuancePlanner.Decide(Failed(wish: wish, seen: seen)) is Plan.Issue);

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Another_issuer_that_is_well_is_tried_first(bool isWell, bool issues)
    {
        Situation situation = Failed() with { Issuers = [Ready("ca") with { IsWell = false }, Ready("second") with { IsWell = isWell }] };

        Assert.Equal(issues, IssuancePlanner.Decide(situation) is Plan.Issue);
    }

    private static Situation Failed(int generation = 1, string? wish = null, string? seen = null)
    {
        var spec = new CertificateSpec { SecretName = "web", IssuerRef = new IssuerRef { Name = "ca" }, DnsNames = ["web.example.com"] };
        var status = new CertificateStatus
        {
            NextAttemptTime = Next,
            FailedWith = $"1/{Ready("ca").Version}",
            LastFailure = "It failed.",
            RetriedFor = seen,
            Conditions = [new Condition { Type = ConditionTypes.Issuing, Status = ConditionTypes.False, Reason = "Refused", Message = "It failed." }],
        };
        var annotations = wish is null ? null : new Dictionary<string, string> { [Annotations.RetryNow] = wish };
        return new Situation
        {
            Certificate = new Certificate
            {
                Metadata = new ObjectMeta { Name = "web", Namespace = "shop", Uid = "uid", Generation = generation, Annotations = annotations },
                Spec = spec,
                Status = status,
            },
            Desired = DesiredCertificate.From(spec, out IReadOnlyList<string> problems),
            SpecProblems = problems,
            Secret = null,
            Issuers = [Ready("ca")],
            OutputsHash = "",
            Renewals = new RenewalCalendar(),
            Now = Now,
        };
    }

    private static IssuerState Ready(string name, int generation = 1, string fingerprint = "ca") => new(
        new IssuerRef { Name = name },
        new Issuer
        {
            Metadata = new ObjectMeta { Name = name, Namespace = "shop", Uid = name, Generation = generation },
            Spec = new IssuerSpec { Ca = new CaIssuerSpec { SecretName = "ca-key" } },
            Status = new IssuerStatus { Ca = new CaStatus { Fingerprint = fingerprint, NotAfter = Now.AddYears(1) } },
        },
        "",
        "");
}
