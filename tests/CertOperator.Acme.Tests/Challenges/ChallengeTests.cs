using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Orders;

namespace CertOperator.Acme.Tests.Challenges;

public sealed class ChallengeTests
{
    /// <summary>RFC 7638 section 3.1.</summary>
    private const string Thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

    [Fact]
    public void Http_01_answers_under_its_path_with_the_key_authorization()
    {
        var answer = Http01.Of(Some.Token, Thumbprint);

        Assert.Equal($"/.well-known/acme-challenge/{Some.Token}", answer.Path);
        Assert.Equal($"{Some.Token}.{Thumbprint}", answer.Body);
        Assert.Equal(Some.Token, Http01.TokenOf(answer.Path));
    }

    [Theory]
    [InlineData("/.well-known/acme-challenge/")]
    [InlineData("/.well-known/acme-challenge/../../etc/passwd")]
    [InlineData("/.well-known/acme-challenge/short")]
    [InlineData("/.well-known/acme-challenge/" + Some.Token + "/")]
    [InlineData("/.well-known/ACME-challenge/" + Some.Token)]
    [InlineData("/")]
    public void A_path_that_asks_for_no_token_has_none(string path) => Assert.Null(Http01.TokenOf(path));

    [Theory]
    [InlineData("../../../../../../../etc/passwd")]
    [InlineData("short")]
    [InlineData("")]
    [InlineData("with a blank in the middle of it all")]
    public void A_token_that_is_none_authorizes_nothing(string token)
    {
        Assert.False(KeyAuthorization.IsToken(token));
        Assert.Throws<ArgumentException>(() => KeyAuthorization.Of(token, Thumbprint));
    }

    [Fact]
    public void Dns_01_has_one_record_name_for_a_domain_and_its_wildcard()
    {
        var name = Dns01.Of(Identifier.Dns("Example.com"), Some.Token, Thumbprint);
        var wildcard = Dns01.Of(Identifier.Dns("*.example.com"), Some.Token, Thumbprint);

        Assert.Equal("_acme-challenge.example.com", name.Name);
        Assert.Equal(name, wildcard);
        Assert.Equal(Convert.ToBase64String(SHA256.HashData(Encoding.ASCII.GetBytes($"{Some.Token}.{Thumbprint}"))).TrimEnd('=').Replace('+', '-').Replace('/', '_'), name.Value);
    }

    [Fact]
    public void Dns_account_01_has_the_label_of_the_draft() => Assert.Equal(
        "_ujmmovf2vn55tgye._acme-challenge.example.com",
        Dns01.OfAccount(Identifier.Dns("example.com"), Some.Token, Thumbprint, new Uri("https://example.com/acme/acct/ExampleAccount")).Name);

    [Fact]
    public void A_long_record_is_split_into_strings_of_255()
    {
        var record = new TxtRecord("a.example", new string('x', 600));

        Assert.Equal([255, 255, 90], record.Strings().Select(text => text.Length));
    }

    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("127.0.0.1", "1.0.0.127.in-addr.arpa")]
    [InlineData("2001:db8::567:89ab", "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")]
    public void Tls_alpn_01_shows_one_name_and_the_digest(string name, string serverName)
    {
        var identifier = Some.Identifier(name);

        using var certificate = TlsAlpn01.Certificate(identifier, Some.Token, Thumbprint, Some.Now);

        var proof = certificate.Extensions.Single(extension => extension.Oid!.Value == "1.3.6.1.5.5.7.1.31");
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.True(proof.Critical);
        Assert.Equal(SHA256.HashData(Encoding.ASCII.GetBytes($"{Some.Token}.{Thumbprint}")), new AsnReader(proof.RawData, AsnEncodingRules.DER).ReadOctetString());
        Assert.Equal([name], names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select((IPAddress address) => address.ToString())));
        Assert.Equal(serverName, TlsAlpn01.ServerName(identifier));
        Assert.True(certificate.HasPrivateKey);
    }

    [Fact]
    public void Tls_alpn_01_validates_no_wildcard()
        => Assert.Throws<ArgumentException>(() => TlsAlpn01.Certificate(Identifier.Dns("*.example.com"), Some.Token, Thumbprint, Some.Now));
}
