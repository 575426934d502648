using CertOperator.Acme.Protocol;

namespace CertOperator.Acme.Tests.Protocol;

public sealed class LinkHeaderTests
{
    private static readonly Uri Reply = new("https://ca.example/a/b");

    [Theory]
    [InlineData("<https://ca.example/1>;rel=\"next\"", "next https://ca.example/1")]
    [InlineData("<https://ca.example/1>; rel=next", "next https://ca.example/1")]
    [InlineData("<https://ca.example/1> ; REL = \"Next\"", "next https://ca.example/1")]
    [InlineData("<https://ca.example/1>;rel=\"up alternate\"", "up https://ca.example/1|alternate https://ca.example/1")]
    [InlineData("<https://ca.example/1>;rel=up, <https://ca.example/2>;rel=alternate", "up https://ca.example/1|alternate https://ca.example/2")]
    [InlineData("<https://ca.example/a,b;c>;rel=up", "up https://ca.example/a,b;c")]
    [InlineData("<https://ca.example/1>;title=\"a, b; rel=x\";rel=up", "up https://ca.example/1")]
    [InlineData("<https://ca.example/1>;title=\"say \\\"hi\\\"\";rel=up", "up https://ca.example/1")]
    [InlineData("<https://ca.example/1>;rel=up;rel=next", "up https://ca.example/1")]
    [InlineData("<../c>;rel=up", "up https://ca.example/c")]
    [InlineData("<?page=2>;rel=next", "next https://ca.example/a/b?page=2")]
    [InlineData("<https://ca.example/%7e%41>;rel=up", "up https://ca.example/%7e%41")]
    [InlineData("<https://ca.example/1#a#b>;rel=help", "help https://ca.example/1")]
    [InlineData("<https://ca.example/1>", "")]
    [InlineData("<https://ca.example/1>;title=x", "")]
    [InlineData("<http://ca.example/1>;rel=up", "")]
    [InlineData("<https://ca.example/1;rel=up", "")]
    [InlineData("https://ca.example/1;rel=up", "")]
    [InlineData("<file:///etc/passwd>;rel=up", "")]
    [InlineData(", ,", "")]
    [InlineData("", "")]
    public void Links_are_read(string header, string links) => Assert.Equal(
        links, string.Join('|', LinkHeader.Parse([header], Reply, allowHttp: false).Select(link => $"{link.Relation} {link.Target.OriginalString}")));

    [Theory]
    [InlineData("<https://ca.example/1#limits>;rel=help", "limits")]
    [InlineData("<https://ca.example/1#>;rel=help", "")]
    [InlineData("<https://ca.example/1>;rel=help", "")]
    public void A_fragment_stands_apart(string header, string fragment)
        => Assert.Equal(fragment, Assert.Single(LinkHeader.Parse([header], Reply, allowHttp: false)).Fragment);

    [Fact]
    public void Several_headers_are_one_list() => Assert.Equal(
        ["index", "alternate"],
        LinkHeader.Parse(["<https://ca.example/d>;rel=index", "<https://ca.example/2>;rel=alternate"], Reply, allowHttp: false).Select(link => link.Relation));

    [Fact]
    public void No_more_than_64_are_taken()
        => Assert.Equal(64, LinkHeader.Parse([string.Join(',', Enumerable.Repeat("<https://ca.example/1>;rel=up", 1000))], Reply, allowHttp: false).Count);
}
