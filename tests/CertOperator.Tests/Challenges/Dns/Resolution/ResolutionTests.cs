using CertOperator.Api;
using CertOperator.Challenges.Dns.Wire;
using CertOperator.Testing.Dns;

namespace CertOperator.Challenges.Dns.Resolution;

/// <summary>Zones, delegations and propagation, against Knot.</summary>
public sealed class ResolutionTests : IAsyncLifetime
{
    private KnotServer _knot = null!;
    private DnsServices _services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _knot = await KnotServer.StartAsync(
            new DnsZone("co.uk"),
            new DnsZone("shop.co.uk", "_acme-challenge.www CNAME token.auth.net.", "here TXT value", "loop CNAME pool", "pool CNAME loop"),
            new DnsZone("cut.co.uk", "_acme-challenge NS ns"),
            new DnsZone("_acme-challenge.cut.co.uk"),
            new DnsZone("auth.net", "token CNAME deeper", "deeper CNAME end", "end TXT other"),
            new DnsZone("half.org", "@ NS dead.half.org.", "@ NS nowhere.half.org.", "dead A 127.0.0.2", "here TXT value"));
        _services = ProviderWorld.NewServices(dnsPort: _knot.Endpoint.Port);
    }

    public async ValueTask DisposeAsync()
    {
        _services.Dispose();
        await _knot.DisposeAsync();
    }

    [Theory]
    [InlineData("a.b.shop.co.uk", "shop.co.uk")]
    [InlineData("shop.co.uk", "shop.co.uk")]
    [InlineData("unregistered.co.uk", "co.uk")]
    public async Task The_zone_is_the_nearest_apex(string name, string zone) => Assert.Equal(zone, await NewResolver().FindZoneAsync(name, Cancel));

    [Fact]
    public async Task A_name_is_located_where_its_delegation_leads()
    {
        var solver = new Dns01Solver(_services);

        TxtRecord followed = await solver.LocateAsync(Spec("Follow"), "*.WWW.shop.co.uk", Answer("WWW.shop.co.uk"), Cancel);
        TxtRecord direct = await solver.LocateAsync(Spec("None"), "www.shop.co.uk.", Answer("www.shop.co.uk."), Cancel);

        Assert.Equal(new TxtRecord("end.auth.net", "auth.net", "value", "www.shop.co.uk"), followed);
        Assert.Equal(new TxtRecord("_acme-challenge.www.shop.co.uk", "shop.co.uk", "value", "www.shop.co.uk"), direct);
        Assert.Equal("end", followed.Relative);
    }

    [Fact]
    public async Task Acme_dns_is_nothing_without_a_delegation()
    {
        var solver = new Dns01Solver(_services);
        Dns01Spec spec = Spec() with { AcmeDNS = new AcmeDnsSpec { Host = "https://auth.net", AccountSecretRef = ProviderWorld.Credential } };

        var missing = await Assert.ThrowsAsync<DnsException>(() => solver.LocateAsync(spec, "shop.co.uk", Answer("shop.co.uk"), Cancel));

        Assert.StartsWith("_acme-challenge.shop.co.uk has no CNAME to the acme-dns server", missing.Message, StringComparison.Ordinal);
        Assert.Equal("end.auth.net", (await solver.LocateAsync(spec, "www.shop.co.uk", Answer("www.shop.co.uk"), Cancel)).Name);
    }

    [Fact]
    public async Task Delegations_in_a_circle_end()
    {
        var failure = await Assert.ThrowsAsync<DnsException>(() => NewResolver().FollowAsync("loop.shop.co.uk", Cancel));

        Assert.Contains("lead round in circles", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authoritative")]
    [InlineData("Recursive")]
    public async Task A_value_is_seen_where_it_is(string check)
    {
        var solver = new Dns01Solver(_services);
        var record = new TxtRecord("here.shop.co.uk", "shop.co.uk", "value", "shop.co.uk");

        Propagation there = await solver.CheckAsync(Spec(check: check), record, Cancel);
        Propagation other = await solver.CheckAsync(Spec(check: check), record with { Value = "another" }, Cancel);
        Propagation absent = await solver.CheckAsync(Spec(check: check), record with { Name = "nobody.shop.co.uk" }, Cancel);

        Assert.Equal((1, 1, true), (there.Seen, there.Servers, there.IsComplete));
        Assert.False(other.IsComplete);
        Assert.EndsWith("shows other values.", other.Message, StringComparison.Ordinal);
        Assert.EndsWith("answers NameError.", absent.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_dead_or_has_no_address_is_named()
    {
        var record = new TxtRecord("here.half.org", "half.org", "value", "half.org");

        Propagation seen = await new Dns01Solver(_services).CheckAsync(Spec(), record, Cancel);

        Assert.Equal((1, 3, false), (seen.Seen, seen.Servers, seen.IsComplete));
        Assert.Equal(
            "1 of 3 name servers show the TXT record here.half.org: dead.half.org gives no answer; nowhere.half.org has no address.", seen.Message);
    }

    [Fact]
    public async Task A_delegation_that_is_not_followed_is_told()
    {
        var record = new TxtRecord("_acme-challenge.www.shop.co.uk", "shop.co.uk", "value", "www.shop.co.uk");

        Propagation seen = await new Dns01Solver(_services).CheckAsync(Spec(), record, Cancel);

        Assert.Contains("has a CNAME to token.auth.net there (set cnameStrategy: Follow, or remove it)", seen.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("0.0.0.0:53")]
    [InlineData("[fe80::1]:53")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("[fd00:ec2::254]:53")]
    [InlineData("168.63.129.16")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task No_settings_lead_to_the_node_or_the_operator_itself(string server)
    {
        var refused = await Assert.ThrowsAsync<DnsException>(() => NameServers.ResolveAsync(server, new Http.EndpointGuard(allowLoopback: false), Cancel));

        Assert.Contains("which an issuer must not lead to", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1:53")]
    [InlineData("192.0.2.1:5353", "192.0.2.1:5353")]
    [InlineData("[2001:db8::1]:5353", "[2001:db8::1]:5353")]
    [InlineData("2001:db8::1", "[2001:db8::1]:53")]
    [InlineData("[2001:db8::1]", "[2001:db8::1]:53")]
    public async Task Servers_are_written_as_usual(string text, string server)
        => Assert.Equal(server, (await NameServers.ResolveAsync(text, _services.Guard, Cancel)).ToString());

    [Theory]
    [InlineData("192.0.2.1:0")]
    [InlineData("192.0.2.1:70000")]
    [InlineData(":53")]
    [InlineData("")]
    public async Task What_is_no_server_is_told(string text)
        => Assert.Contains("cannot be read", (await Assert.ThrowsAsync<DnsException>(() => NameServers.ResolveAsync(text, _services.Guard, Cancel))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("shop.co.uk", "shop.co.uk")]
    [InlineData("cut.co.uk", "_acme-challenge.cut.co.uk")]
    public async Task The_zone_of_an_accounts_own_record_is_found_also_when_the_challenges_have_one_of_their_own(string domain, string zone)
    {
        Acme.Challenges.TxtRecord answer = Acme.Challenges.Dns01.OfAccount(
            Acme.Orders.Identifier.Dns(domain), "token-of-the-challenge-0001", "thumbprint", new Uri("https://example.com/acme/acct/ExampleAccount"));

        TxtRecord record = await new Dns01Solver(_services).LocateAsync(Spec(), domain, answer, Cancel);

        Assert.Equal(new TxtRecord($"_ujmmovf2vn55tgye._acme-challenge.{domain}", zone, answer.Value, domain), record);
    }

    private static Acme.Challenges.TxtRecord Answer(string domain) => new($"_acme-challenge.{domain}", "value");

    private Resolver NewResolver() => new([_knot.Endpoint], TimeProvider.System);

    private Dns01Spec Spec(string? cname = null, string? check = null)
        => new() { CnameStrategy = cname, Nameservers = [_knot.Endpoint.ToString()], Propagation = new PropagationSpec { Check = check } };
}
