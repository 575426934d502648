using CertOperator.Api;
using CertOperator.Pki.Requests;

namespace CertOperator.Controllers.Served;

/// <summary>Which questions follow from Ingresses and a certificate.</summary>
public sealed class ServedScopeTests
{
    private const string Passthrough = "nginx.ingress.kubernetes.io/ssl-passthrough";

    private static readonly SubjectNames Names = new() { DnsNames = ["web.example.com", "*.shop.example.com", "api.example.com"], IpAddresses = ["10.1.1.1"] };

    [Fact]
    public void Each_host_is_asked_for_at_each_address_of_its_Ingress()
        => Assert.Equal(
            ["api.example.com at 10.0.0.2", "web.example.com at 10.0.0.1", "web.example.com at lb.example.net"],
            Targets(
                Some.Ingress("one", "10.0.0.1 lb.example.net", null, ("web", ["WEB.example.com", "web.example.com"]), ("other", ["api.example.com"])),
                Some.Ingress("two", "10.0.0.2", null, ("web", ["api.example.com"]))));

    [Fact]
    public void For_a_wildcard_a_name_below_it_is_asked_for()
    {
        ServedTarget target = Assert.Single(Scope(Some.Ingress("one", "10.0.0.1", null, ("web", ["*.shop.example.com"])))!.Targets).Key;
        Assert.Equal("*.shop.example.com at 10.0.0.1", target.ToString());
        Assert.Equal("cert-operator-verify.shop.example.com", target.ServerName);
    }

    [Fact]
    public void What_the_certificate_does_not_cover_and_what_cannot_be_asked_for_is_left_out()
        => Assert.Equal(
            ["a.shop.example.com at 10.0.0.1"],
            Targets(Some.Ingress("one", "10.0.0.1", null, ("web", ["other.example.com", "a.shop.example.com", "10.1.1.1", "b\u0007ad.shop.example.com", "*.*.example.com", ""]))));

    [Fact]
    public void An_Ingress_that_is_ignored_or_going_or_passes_TLS_through_counts_for_nothing()
        => Assert.Equal(
            ["web.example.com at 10.0.0.9"],
            Targets(
                Some.Ingress("a", "10.0.0.1", Annotations.Ignore, ("web", ["web.example.com"])),
                Some.Ingress("b", "10.0.0.2", Passthrough, ("web", ["web.example.com"])),
                Going(Some.Ingress("c", "10.0.0.3", null, ("web", ["web.example.com"]))),
                Some.Ingress("d", "10.0.0.9", null, ("web", ["web.example.com"]))));

    [Fact]
    public void Why_there_is_nobody_to_ask_is_told()
    {
        Assert.Null(Scope());
        Assert.Null(Scope(Some.Ingress("one", "10.0.0.1", Annotations.Ignore, ("web", ["web.example.com"]))));
        Assert.Equal(ServedReasons.Passthrough, Scope(Some.Ingress("one", "10.0.0.1", Passthrough, ("web", ["web.example.com"])))!.Reason);
        Assert.Equal(ServedReasons.NoHost, Scope(Some.Ingress("one", "10.0.0.1", null, ("web", [])))!.Reason);
        ServedScope none = Scope(Some.Ingress("one", "", null, ("web", ["web.example.com"])))!;
        Assert.Equal((ServedReasons.NoAddress, "Ingress one has no address, so nobody can be asked what is served: its ingress controller has to put one into its status."), (none.Reason, none.Message));
        Assert.Empty(none.Targets);
    }

    [Fact]
    public void Hosts_and_addresses_are_bounded()
    {
        string[] hosts = [.. Enumerable.Range(0, 40).Select(number => $"h{number:00}.shop.example.com")];
        string addresses = string.Join(' ', Enumerable.Range(1, 9).Select(number => $"10.0.0.{number}"));
        ServedScope scope = Scope(Some.Ingress("one", $"{new string('a', 300)} {addresses}", null, ("web", hosts)))!;
        Assert.Equal((ServedScope.MostHosts * ServedScope.MostAddresses, 8), (scope.Targets.Count, scope.LeftOut));
    }

    private static ServedScope? Scope(params Ingress[] namers) => ServedScope.Of(namers, "web", Names);

    private static IEnumerable<string> Targets(params Ingress[] namers) => Scope(namers)!.Targets.Keys.Select(target => target.ToString()).Order(StringComparer.Ordinal);

    private static Ingress Going(Ingress ingress) => ingress with { Metadata = ingress.Metadata with { DeletionTimestamp = Some.Now } };
}
