using CertOperator.Pki.Requests;
using FsCheck.Xunit;

namespace CertOperator.Pki.Tests.Requests;

public sealed class SubjectNamesTests
{
    [Property(Arbitrary = [typeof(Names)])]
    public bool Names_cover_themselves_in_any_order_and_case(SubjectNames names)
    {
        var shuffled = names with { DnsNames = [.. names.DnsNames.Reverse().Select(name => name.ToUpperInvariant())] };

        return names.Covers(shuffled) && shuffled.Covers(names);
    }

    [Property(Arbitrary = [typeof(Names)])]
    public bool A_name_that_is_not_there_is_missing(SubjectNames names)
    {
        var more = names with { DnsNames = [.. names.DnsNames, "Missing.test"], IpAddresses = [.. names.IpAddresses, "192.0.2.255"] };

        return names.Missing(more).SequenceEqual(["Missing.test", "192.0.2.255"]) && more.Covers(names);
    }

    [Fact]
    public void Forms_of_one_address_are_one_name()
    {
        var names = new SubjectNames { IpAddresses = ["2001:db8::1"], EmailAddresses = ["Ops@example.org"] };

        Assert.True(names.Covers(new SubjectNames { IpAddresses = ["2001:0DB8:0:0::1"], EmailAddresses = ["Ops@EXAMPLE.org"] }));
        Assert.False(names.Covers(new SubjectNames { EmailAddresses = ["ops@example.org"] }));
    }

    [Fact]
    public void A_wildcard_covers_only_itself()
    {
        var names = new SubjectNames { DnsNames = ["*.example.org"] };

        Assert.True(names.Covers(names));
        Assert.False(names.Covers(new SubjectNames { DnsNames = ["a.example.org"] }));
    }
}
