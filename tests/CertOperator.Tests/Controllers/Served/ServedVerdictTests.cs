using System.Net;
using CertOperator.Api;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers.Served;

/// <summary>What is said of what was seen.</summary>
public sealed class ServedVerdictTests
{
    private static readonly DateTimeOffset Over = Some.Now + Some.Options.Grace;

    [Fact]
    public void Everything_as_stored_is_True()
        => Assert.Equal(
            new ServedVerdict(ConditionTypes.True, ServedReasons.Served, "The certificate in Secret shop/web, serial 0123, is served for web.example.com, www.example.com."),
            Judge(("web.example.com", Right()), ("www.example.com", Right())));

    [Fact]
    public void While_there_is_something_to_wait_for_nothing_is_said()
    {
        Assert.Null(Judge(("web.example.com", new TargetState { Due = Over, WrongSince = Some.Now })));
        Assert.Null(Judge(("web.example.com", Wrong(Some.Sight(Over.AddSeconds(-1), "BB")))));
        Assert.Null(Judge(("web.example.com", Wrong(Some.Sight(Over, "BB"))), ("www.example.com", Wrong(Some.Sight(Some.Now, "BB")))));
        Assert.Null(Judge(("web.example.com", null)));
        // Right before a restart, and not asked since.
        Assert.Null(Judge(("web.example.com", new TargetState { Due = Over })));
    }

    [Theory]
    [InlineData("former", "10.0.0.1, the address of Ingress web, serves for web.example.com the certificate with serial 4567 (for web.example.com, issued by CN=Root, valid until 2030-01-31 12:00:00Z), while Secret shop/web holds the one with serial 0123. It is an earlier one for the same names: the ingress controller has not taken up Secret shop/web since.")]
    [InlineData("expired", "(for web.example.com, issued by CN=Root, expired since 2030-01-01 11:00:00Z), while")]
    [InlineData("default", "(for no name, CN=Fake, issued by itself, valid until 2030-01-31 12:00:00Z), while Secret shop/web holds the one with serial 0123. It is not for this host, so the ingress controller serves its default certificate")]
    [InlineData("elsewhere", "(for web.example.com, www.example.com and 7 more, issued by CN=Cloud, valid until 2030-01-31 12:00:00Z), while Secret shop/web holds the one with serial 0123. It is for this host and from elsewhere: a load balancer")]
    [InlineData("known", "It is that of Secret shop/other: another Ingress has this host")]
    [InlineData("of a name", "10.0.0.7 of lb.example.net, the address of Ingress web, serves")]
    public void Another_certificate_is_told_with_its_likely_cause(string what, string sentence)
    {
        ServedLeaf leaf = Some.Leaf("BB");
        var target = new ServedTarget("web.example.com", what == "of a name" ? "lb.example.net" : "10.0.0.1");
        leaf = what switch
        {
            "expired" => leaf with { NotAfter = Some.Now.AddHours(-1) },
            "default" => leaf with { Names = [], NameCount = 0, Subject = "CN=Fake", Issuer = "CN=Fake", IsForHost = false },
            "elsewhere" => leaf with { Names = ["web.example.com", "www.example.com"], NameCount = 9, Issuer = "CN=Cloud" },
            _ => leaf,
        };
        var sighting = new Sighting(Some.Now, SightingOutcome.Seen, IPAddress.Parse(what == "of a name" ? "10.0.0.7" : "10.0.0.1"), leaf);
        string told = ServedSentences.Mismatch(target, sighting, "web", "shop/web", Some.Stored, fingerprint => what == "known" && fingerprint == "BB" ? "Secret shop/other" : null);
        Assert.Contains(sentence, told, StringComparison.Ordinal);
    }

    [Fact]
    public void One_wrong_host_makes_it_False_and_the_others_are_named()
    {
        ServedVerdict verdict = Judge(("web.example.com", Wrong(Some.Sight(Over, "BB"))), ("www.example.com", Wrong(Some.Sight(Over, "BB"))), ("api.example.com", Right()), ("b.example.com", Wrong(Some.Sight(Over, null))))!;
        Assert.Equal((ConditionTypes.False, ServedReasons.OtherCertificate), (verdict.Status, verdict.Reason));
        Assert.EndsWith(" Another certificate than the stored one is served for www.example.com at 10.0.0.1 too.", verdict.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(SightingOutcome.Refused), ServedReasons.NotReachable, "10.0.0.1, the address of Ingress web, refuses connections to port 443")]
    [InlineData(nameof(SightingOutcome.TimedOut), ServedReasons.NotReachable, "does not answer on port 443 within 5 s")]
    [InlineData(nameof(SightingOutcome.NoRoute), ServedReasons.NotReachable, "There is no route from the operator to 10.0.0.1, the address of Ingress web,")]
    [InlineData(nameof(SightingOutcome.NotResolved), ServedReasons.NotReachable, "does not resolve")]
    [InlineData(nameof(SightingOutcome.NoTls), ServedReasons.HandshakeFailed, "breaks off the TLS handshake for web.example.com on port 443")]
    [InlineData(nameof(SightingOutcome.NotAllowed), ServedReasons.AddressNotAllowed, "is one that the operator does not connect to")]
    public void What_could_not_be_seen_is_Unknown(string outcome, string reason, string sentence)
    {
        ServedVerdict verdict = Judge(("web.example.com", Wrong(new Sighting(Over, Enum.Parse<SightingOutcome>(outcome), IPAddress.Parse("10.0.0.1")))), ("www.example.com", Right()))!;
        Assert.Equal((ConditionTypes.Unknown, reason), (verdict.Status, verdict.Reason));
        Assert.Contains(sentence, verdict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_two_families_of_addresses_one_need_not_be_reachable()
    {
        var six = new ServedTarget("web.example.com", "2001:db8::1");
        ServedScope scope = ServedScope.Of([Some.Ingress("web", "10.0.0.1 2001:db8::1", null, ("web", ["web.example.com"]))], "web", Some.Stored.Names)!;
        var noRoute = new Sighting(Over, SightingOutcome.NoRoute, IPAddress.Parse(six.Address));
        var states = new Dictionary<ServedTarget, TargetState> { [Some.Target] = Right(), [six] = Wrong(noRoute) };
        Assert.Equal(ConditionTypes.True, ServedVerdict.Of(scope, states, "shop/web", Some.Stored, _ => null, Some.Options)!.Status);
        Assert.Equal(SightingOutcome.Seen, Sighting.Worst([noRoute, Some.Sight(Over, "AA")], "AA").Outcome);
    }

    [Fact]
    public void Of_the_addresses_of_a_name_the_wrong_one_counts()
    {
        Assert.Equal("BB", Sighting.Worst([Some.Sight(Over, "AA"), Some.Sight(Over, null), Some.Sight(Over, "BB")], "AA").Leaf!.Fingerprint);
        Assert.Equal(SightingOutcome.TimedOut, Sighting.Worst([Some.Sight(Over, "AA"), Some.Sight(Over, null)], "AA").Outcome);
    }

    [Fact]
    public void Hosts_that_are_too_many_are_told()
    {
        string[] hosts = [.. Enumerable.Range(10, 40).Select(number => $"h{number}.example.com")];
        ServedScope scope = Some.Scope(hosts);
        var verdict = ServedVerdict.Of(scope, scope.Targets.Keys.ToDictionary(target => target, _ => Right()), "shop/web", Some.Facts("AA", hosts), _ => null, Some.Options)!;
        Assert.Equal("The certificate in Secret shop/web, serial 0123, is served for h10.example.com, h11.example.com, h12.example.com and 29 more; 8 more hosts are not asked for.", verdict.Message);
    }

    [Theory]
    [InlineData("AA", ConditionTypes.True, ServedReasons.Served, "AA", "as told")] // nothing new
    [InlineData("AA", ConditionTypes.True, ServedReasons.Served, "BB", null)] // told of the former certificate
    [InlineData("AA", ConditionTypes.False, ServedReasons.OtherCertificate, "BB", "as told")] // a rotation does not mend it
    [InlineData("AA", ConditionTypes.Unknown, ServedReasons.NotReachable, "BB", "as told")]
    [InlineData("AA", ConditionTypes.Unknown, ServedReasons.NoAddress, "AA", null)] // there is an address now
    [InlineData("AA", null, null, "BB", null)] // just issued
    public void Until_there_is_something_to_say_what_was_said_holds_on_where_it_can(string stored, string? status, string? reason, string told, string? message)
    {
        Certificate certificate = Some.Certificate(status is null ? null : (status, reason!, TimeSpan.FromDays(1)), told);
        Condition condition = ServedCondition.Of(null, certificate, Some.Facts(stored), "shop/web")!;
        if (message is not null)
            Assert.Equal((status, reason, message), (condition.Status, condition.Reason, condition.Message));
        else
            Assert.Equal((ConditionTypes.Unknown, ServedReasons.Pending), (condition.Status, condition.Reason));
    }

    [Fact]
    public void Of_a_certificate_that_was_there_before_anybody_looked_nothing_is_said_until_it_is_known()
        => Assert.Null(ServedCondition.Of(null, Some.Certificate(), Some.Stored, "shop/web"));

    [Theory]
    [InlineData("Served", "OtherCertificate", "Warning")]
    [InlineData("OtherCertificate", "OtherCertificate", null)]
    [InlineData("OtherCertificate", "Served", "Normal")]
    [InlineData("OtherCertificate", "NotReachable", "Warning")]
    [InlineData("Pending", "Served", null)]
    [InlineData("Served", "Pending", null)]
    [InlineData(null, "Pending", null)]
    [InlineData("Pending", "NotReachable", "Warning")]
    [InlineData("Pending", "NoAddress", null)]
    public void A_change_for_the_worse_and_back_is_an_event(string? before, string now, string? severity)
    {
        CertificateStatus? was = before is null ? null : StatusOf(before);
        Assert.Equal(severity, ServedEvent.Of(was, StatusOf(now))?.Severity.ToString());

        static CertificateStatus StatusOf(string reason) => Some.Certificate((reason switch
        {
            ServedReasons.Served => ConditionTypes.True,
            ServedReasons.OtherCertificate => ConditionTypes.False,
            _ => ConditionTypes.Unknown,
        }, reason, TimeSpan.Zero)).Status!;
    }

    private static TargetState Right() => new() { Due = Over, Last = Some.Sight(Over, "AA") };

    private static TargetState Wrong(Sighting seen) => new() { Due = Over, WrongSince = Some.Now, Last = seen };

    private static ServedVerdict? Judge(params (string Host, TargetState? State)[] seen)
    {
        ServedScope scope = Some.Scope([.. seen.Select(pair => pair.Host)]);
        var states = seen.Where(pair => pair.State is not null).ToDictionary(pair => new ServedTarget(pair.Host, "10.0.0.1"), pair => pair.State!);
        return ServedVerdict.Of(scope, states, "shop/web", Some.Stored, _ => null, Some.Options);
    }
}
