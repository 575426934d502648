using System.Net;
using CertOperator.Acme.Protocol;

namespace CertOperator.Acme.Tests.Protocol;

public sealed class HeaderTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("3", 3)]
    [InlineData("86400", 86400)]
    [InlineData("2147483647", 7 * 86400)]
    [InlineData("Sun, 22 Nov 2026 12:01:40 GMT", 100)]
    [InlineData("Sunday, 22-Nov-26 12:01:40 GMT", 100)]
    [InlineData("Sun, 22 Nov 2020 12:01:40 GMT", 0)]
    [InlineData("Sun, 22 Nov 2099 12:01:40 GMT", 7 * 86400)]
    public void A_Retry_After_is_an_instant_between_now_and_a_week_from_now(string header, int seconds)
        => Assert.Equal(Some.Now.AddSeconds(seconds), RetryAfter.Parse(header, Some.Now));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("3.5")]
    [InlineData("99999999999")]
    [InlineData("soon")]
    [InlineData("2026-11-22T12:00:00Z")]
    public void A_Retry_After_that_says_nothing_is_none(string? header) => Assert.Null(RetryAfter.Parse(header, Some.Now));

    [Theory]
    [InlineData("https://ca.example/a?b=c&d=%7e")]
    [InlineData("https://ca.example:14000/%41/../b")]
    [InlineData("https://[2001:db8::1]/a")]
    public void A_URL_stays_as_it_was_written(string text)
    {
        var url = AcmeUri.Parse(text, allowHttp: false);

        Assert.Equal(text, url!.OriginalString);
        Assert.EndsWith(url.PathAndQuery, text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/relative")]
    [InlineData("http://ca.example/")]
    [InlineData("ftp://ca.example/")]
    [InlineData("https://user:secret@ca.example/")]
    [InlineData("https://ca.example/a b")]
    [InlineData("https://ca.example/a\r\nX: y")]
    [InlineData("https://ca.example/#part")]
    [InlineData("https://")]
    public void What_may_not_be_requested_is_no_URL(string? text) => Assert.Null(AcmeUri.Parse(text, allowHttp: false));

    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::808:808", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.0.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("::ffff:169.254.169.254", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:a00:1::", false)]
    [InlineData("2001:0:a00:1::", false)]
    public void Only_addresses_of_the_public_internet_are_public(string address, bool isPublic)
        => Assert.Equal(isPublic, PublicAddress.Is(IPAddress.Parse(address)));
}
