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
        => Assert.Equal(expected, SolverSelection.Choose(Solvers, new NameToValidate(name, false), labelled ? Labels : null).Index);

    [Fact]
    public void A_solver_that_cannot_is_passed_over()
    {
        AcmeSolverSpec[] solvers = [Dns(new SolverSelectorSpec { DnsZones = ["example.com"] }), Http(null)];

        Assert.Equal(1, SolverSelection.Choose(solvers, new NameToValidate("a.example.com", false), null, ["http-01"]).Index);
        Assert.Equal(1, SolverSelection.Choose([Dns(null), Http(null)], new NameToValidate("192.0.2.1", true), null).Index);
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
            "No solver can validate a.org: solvers[0] selects it, but the server does not offer dns-01 for it, only http-01, tls-alpn-01.",
            SolverSelection.Choose([Dns(null)], new NameToValidate("a.org", false), null, ["tls-alpn-01", "http-01"]).Message);
    }

    private static AcmeSolverSpec Http(SolverSelectorSpec? selector) => new() { Selector = selector, Http01 = new Http01Spec() };

    private static AcmeSolverSpec Dns(SolverSelectorSpec? selector)
        => new() { Selector = selector, Dns01 = new Dns01Spec { Digitalocean = new DigitalOceanSpec { TokenSecretRef = new SecretKeyRef { Name = "token" } } } };
}
