using CertOperator.Api;

namespace CertOperator.Challenges;

public class SolverSelectionTests
{
    private static readonly IReadOnlyDictionary<string, string> Labels = new Dictionary<string, string> { ["team"] = "shop", ["tier"] = "web" };

    private static readonly AcmeSolverSpec[] Solvers =
    [
        Http(null),
        Http(new SolverSelectorSpec { MatchLabels = new Dictionary<string, string> { ["team"] = "shop" } }),
        Dns(new SolverSelectorSpec { DnsZones = ["example.com"] }),
        Dns(new SolverSelectorSpec { DnsZones = ["eu.example.com"] }),
        Dns(new SolverSelectorSpec { DnsZones = ["eu.example.com"], MatchLabels = Labels }),
        Http(new SolverSelectorSpec { DnsNames = ["www.eu.example.com"] }),
        Dns(new SolverSelectorSpec { DnsNames = ["*.eu.example.com"] }),
        Dns(new SolverSelectorSpec { DnsZones = ["eu.example.com"], MatchLabels = Labels }),
    ];

    [Theory]
    [InlineData("example.org", true, 1)]
    [InlineData("example.org", false, 0)]
    [InlineData("example.com", true, 2)]
    [InlineData("a.example.com", false, 2)]
    [InlineData("notexample.com", false, 0)]
    [InlineData("a.eu.example.com", false, 3)]
    [InlineData("a.eu.example.com", true, 4)]
    [InlineData("www.eu.example.com", true, 5)]
    [InlineData("WWW.EU.example.com", true, 5)]
    [InlineData("*.eu.example.com", true, 6)]
    [InlineData("*.example.com", true, 2)]
    public void The_most_specific_solver_wins(string name, bool labelled, int expected)
        => Assert.Equal(expected, SolverSelection.Choose(Solvers, new NameToValidate(name, false), labelled ? Labels : null).Ranked[0].Index);

    [Fact]
    public void A_solver_that_cannot_is_passed_over()
    {
        Assert.Equal([1], Places([Dns(null), Http(null)], new NameToValidate("192.0.2.1", true)));
        Assert.Equal([1], Places([Http(null), Dns(null)], new NameToValidate("*.a.org", false)));
    }

    [Fact]
    public void The_others_stand_behind_it_for_servers_that_do_not_offer_its_challenge()
    {
        AcmeSolverSpec[] solvers = [Http(null), Dns(null), Dns(new SolverSelectorSpec { DnsZones = ["a.org"] }, "dns-account-01"), Dns(new SolverSelectorSpec { DnsZones = ["b.org"] })];

        SolverChoice choice = SolverSelection.Choose(solvers, new NameToValidate("www.a.org", false), null);

        Assert.Equal([2, 0, 1], choice.Ranked.Select(ranked => ranked.Index));
        Assert.Equal(["dns-account-01", "http-01", "dns-01"], choice.Types);
        Assert.Same(solvers[1], choice.For("dns-01"));
        Assert.Null(choice.For("tls-alpn-01"));
    }

    [Fact]
    public void When_none_can_the_sentence_says_why()
    {
        Assert.Equal(
            "No solver can validate a.org: the issuer has no solvers. Add one.",
            SolverSelection.Choose([], new NameToValidate("a.org", false), null).Message);
        Assert.Equal(
            "No solver can validate a.org: no solver's selector fits it. Add it to dnsNames or its domain to dnsZones of one, or add a solver without a selector.",
            SolverSelection.Choose([Dns(new SolverSelectorSpec { DnsZones = ["b.org"] })], new NameToValidate("a.org", false), null).Message);
        Assert.Equal(
            "No solver can validate *.a.org: solvers[0] selects it, but http-01 cannot validate a wildcard: add a solver with dns01 for it.",
            SolverSelection.Choose([Http(null)], new NameToValidate("*.a.org", false), null).Message);
        Assert.Equal(
            "No solver can validate 192.0.2.1: solvers[0] selects it, but dns-01 cannot validate an IP address: add a solver with http01 or tlsAlpn01 for it.",
            SolverSelection.Choose([Dns(null)], new NameToValidate("192.0.2.1", true), null).Message);
        Assert.Equal(
            "No solver can validate 192.0.2.1: solvers[0] selects it, but dns-account-01 cannot validate an IP address: add a solver with http01 or tlsAlpn01 for it.",
            SolverSelection.Choose([Dns(null, "dns-account-01")], new NameToValidate("192.0.2.1", true), null).Message);
    }

    private static IEnumerable<int> Places(AcmeSolverSpec[] solvers, NameToValidate name) => SolverSelection.Choose(solvers, name, null).Ranked.Select(ranked => ranked.Index);

    private static AcmeSolverSpec Http(SolverSelectorSpec? selector) => new() { Selector = selector, Http01 = new Http01Spec() };

    private static AcmeSolverSpec Dns(SolverSelectorSpec? selector, string? type = null)
        => new() { Selector = selector, Dns01 = new Dns01Spec { ChallengeType = type, Digitalocean = new DigitalOceanSpec { TokenSecretRef = new SecretKeyRef { Name = "token" } } } };
}
