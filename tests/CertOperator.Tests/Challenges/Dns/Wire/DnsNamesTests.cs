namespace CertOperator.Challenges.Dns.Wire;

public class DnsNamesTests
{
    [Theory]
    [InlineData("WWW.Example.COM.", "www.example.com")]
    [InlineData("_acme-challenge.example.com", "_acme-challenge.example.com")]
    public void A_name_has_one_form(string text, string name) => Assert.Equal(name, DnsNames.Normalize(text));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("*.example.com")]
    [InlineData("a b.example.com")]
    [InlineData("a/../b")]
    [InlineData("a.example.com?x=y")]
    [InlineData("bücher.example")]
    public void What_could_be_taken_for_something_else_is_no_name(string text) => Assert.Throws<DnsFormatException>(() => DnsNames.Normalize(text));

    [Fact]
    public void Labels_and_names_have_their_limits()
    {
        Assert.Equal(63, DnsNames.Normalize(new string('a', 63)).Length);
        Assert.Throws<DnsFormatException>(() => DnsNames.Normalize(new string('a', 64)));
        string longest = string.Join('.', Enumerable.Repeat(new string('a', 62), 4)) + ".a";
        Assert.Equal(253, DnsNames.Normalize(longest).Length);
        Assert.Throws<DnsFormatException>(() => DnsNames.Normalize(longest + "a"));
    }

    [Theory]
    [InlineData("a.b.example.com", "example.com", true, "a.b")]
    [InlineData("example.com", "example.com", true, "")]
    [InlineData("notexample.com", "example.com", false, "")]
    [InlineData("com", "example.com", false, "")]
    [InlineData("a.b", "", true, "a.b")]
    public void A_name_is_within_its_zone(string name, string zone, bool isWithin, string relative)
        => Assert.Equal((isWithin, relative), (DnsNames.IsWithin(name, zone), DnsNames.Relative(name, zone)));
}
