using CertOperator.Pki.Requests;
using FsCheck.Xunit;

namespace CertOperator.Pki.Tests.Requests;

public sealed class NameRulesTests
{
    [Property(Arbitrary = [typeof(Names)])]
    public bool Valid_names_have_no_problem(SubjectNames names) => names.Count == 0 || NameRules.Check(names, null).Count == 0;

    [Property(Arbitrary = [typeof(Names)])]
    public bool A_name_that_is_there_twice_is_told_whatever_its_case(SubjectNames names)
    {
        var twice = names with { DnsNames = [.. names.DnsNames, "again.example", "AGAIN.example"] };

        return NameRules.Check(twice, null).SequenceEqual(["The name \"again.example\" is there 2 times: name it once."]);
    }

    [Property]
    public bool Any_text_gets_an_answer(string? text)
    {
        text ??= "";
        var names = new SubjectNames([text], [text], [text], [text], [new OtherName(text, text)]);

        return NameRules.Check(names, text).All(problem => problem.EndsWith('.'));
    }

    [Theory]
    [InlineData("example.org")]
    [InlineData("localhost")]
    [InlineData("*.example.org")]
    [InlineData("xn--bcher-kva.example")]
    [InlineData("1.example")]
    [InlineData("a--b.example")]
    public void A_valid_DNS_name_is_taken(string name) => Assert.Empty(Check(name));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("example.org.", "ends with a dot")]
    [InlineData(".example.org", "empty label")]
    [InlineData("a..example", "empty label")]
    [InlineData("*", "wildcard for everything")]
    [InlineData("a.*.example", "leftmost")]
    [InlineData("w*.example", "leftmost")]
    [InlineData("*.*.example", "leftmost")]
    [InlineData("a_b.example", "\"_\"")]
    [InlineData("a b.example", "\" \"")]
    [InlineData("a\0.example", "\"?\"")]
    [InlineData("-a.example", "hyphen")]
    [InlineData("a-.example", "hyphen")]
    [InlineData("192.0.2.1", "ipAddresses")]
    [InlineData("::1", "ipAddresses")]
    [InlineData("a.example.1", "ends in a number")]
    [InlineData("https://example.org", "\":\"")]
    [InlineData("bücher.example", "\"xn--bcher-kva.example\"")]
    [InlineData("*.BÜCHER.example", "\"*.xn--bcher-kva.example\"")]
    [InlineData("bu\u0308cher.example", "punycode form")]
    [InlineData("xn--a.example", "punycode")]
    public void A_DNS_name_that_is_none_is_told_why(string name, string reason)
    {
        var problem = Assert.Single(Check(name));

        Assert.Contains(reason, problem);
        Assert.Contains(name.Replace('\0', '?'), problem);
    }

    [Fact]
    public void Labels_of_63_and_names_of_253_characters_are_the_longest()
    {
        var label = new string('a', 63);
        var name = $"{label}.{label}.{label}.{new string('a', 61)}";

        Assert.Equal(253, name.Length);
        Assert.Empty(Check(name));
        Assert.Contains("254 characters", Assert.Single(Check(name + "a")));
        Assert.Contains("64 characters", Assert.Single(Check($"a{label}.example")));
        Assert.Contains("100000 characters", Assert.Single(Check(new string('a', 100_000))));
    }

    [Theory]
    [InlineData("10.1")]
    [InlineData("1")]
    [InlineData("010.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData("example.org")]
    [InlineData("")]
    public void An_IP_address_that_is_none_is_told(string address) =>
        Assert.Contains($"\"{address}\"", Assert.Single(NameRules.Check(new SubjectNames { IpAddresses = [address] }, null)));

    [Theory]
    [InlineData("/path")]
    [InlineData("example.org")]
    [InlineData("http://a b")]
    [InlineData("http://bücher.example")]
    public void A_URI_that_is_none_is_told(string uri) =>
        Assert.Contains($"\"{uri}\"", Assert.Single(NameRules.Check(new SubjectNames { Uris = [uri] }, null)));

    [Theory]
    [InlineData("example.org")]
    [InlineData("@example.org")]
    [InlineData("a@")]
    [InlineData("a@b@example.org")]
    [InlineData("a@*.example.org")]
    [InlineData("Ops <ops@example.org>")]
    public void An_email_address_that_is_none_is_told(string email) =>
        Assert.Contains($"\"{email}\"", Assert.Single(NameRules.Check(new SubjectNames { EmailAddresses = [email] }, null)));

    [Theory]
    [InlineData("upn")]
    [InlineData("1")]
    [InlineData("3.1")]
    [InlineData("1.40")]
    [InlineData("1.02")]
    public void An_other_name_whose_type_is_no_OID_is_told(string oid) =>
        Assert.Contains(oid, Assert.Single(NameRules.Check(new SubjectNames { OtherNames = [new OtherName(oid, "a")] }, null)));

    [Fact]
    public void A_hundred_names_fit_and_one_more_does_not()
    {
        string[] names = [.. Enumerable.Range(0, 101).Select(i => $"n{i}.example")];

        Assert.Empty(Check(names[..100]));
        Assert.Contains("101 names", Assert.Single(Check(names)));
    }

    [Fact]
    public void A_common_name_of_64_characters_fits_and_one_more_does_not()
    {
        Assert.Empty(NameRules.Check(SubjectNames.Empty, new string('a', 64)));
        Assert.Contains("65 characters", Assert.Single(NameRules.Check(SubjectNames.Empty, new string('a', 65))));
    }

    [Fact]
    public void A_certificate_needs_a_name() => Assert.Contains("No name", Assert.Single(NameRules.Check(SubjectNames.Empty, null)));

    private static IReadOnlyList<string> Check(params string[] dnsNames) => NameRules.Check(new SubjectNames { DnsNames = dnsNames }, null);
}
