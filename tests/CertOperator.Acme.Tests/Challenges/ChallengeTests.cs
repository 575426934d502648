using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using CertOperator.Acme.Accounts;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Jose;
using CertOperator.Acme.Orders;
using CertOperator.Acme.Protocol;

namespace CertOperator.Acme.Tests.Challenges;

public sealed class ChallengeTests
{
    /// <summary>RFC 7638 section 3.1.</summary>
    private const string Thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";

    private static readonly Uri Account = new("https://ca.example/acct/123");

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

    [Theory]
    [InlineData("example.com", "sha-256/5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw")]
    [InlineData("*", "sha-256/NpDnSwUthQK8zCgFdefYxAdAVPnygMLbs9US6oO-5ug")]
    public void Dns_persist_01_has_the_hash_of_the_draft(string name, string hash) => Assert.Equal(hash, DnsPersist01.AccountHash(name, Thumbprint, Account));

    [Fact]
    public void Dns_persist_01_takes_the_form_that_the_directory_asks_for()
    {
        using var key = LocalAccountKey.Generate();
        var account = new AcmeAccount(Account, key);
        var until = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

        var old = DnsPersist01.Of(Identifier.Dns("*.example.com"), Persist("issuer-domain-names", "[\"ca.example\"]"), Directory(), account, until);
        var now = DnsPersist01.Of(Identifier.Dns("example.com"), Persist("issuerDomainNames", "[\"ca.example\",\"other.example\"]"), Directory("https://ca.example/h/"), account);

        Assert.Equal(new TxtRecord("_validation-persist.example.com", "ca.example; accounturi=https://ca.example/acct/123; policy=wildcard; persistUntil=1800000000"), old);
        Assert.StartsWith("ca.example; accounturi=https://ca.example/h/sha-256/", now!.Value);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("\"ca.example\"")]
    [InlineData("[\"ca.example; policy=wildcard\"]")]
    [InlineData("[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]")]
    public void Dns_persist_01_makes_no_record_for_an_issuer_that_is_none(string names)
    {
        using var key = LocalAccountKey.Generate();

        Assert.Null(DnsPersist01.Of(Identifier.Dns("example.com"), Persist("issuerDomainNames", names), Directory(), new AcmeAccount(Account, key)));
    }

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

    private static Challenge Persist(string member, string json) => new()
    {
        Type = ChallengeTypes.DnsPersist01,
        Url = new Uri("https://ca.example/chall/1"),
        Status = ChallengeStatus.Pending,
        Extensions = new Dictionary<string, JsonElement> { [member] = Json(json) },
    };

    private static AcmeDirectory Directory(string? prefix = null) => new()
    {
        Url = new Uri("https://ca.example/dir"),
        NewNonce = new Uri("https://ca.example/nonce"),
        NewAccount = new Uri("https://ca.example/account"),
        NewOrder = new Uri("https://ca.example/order"),
        Extensions = prefix is null ? new Dictionary<string, JsonElement>() : new Dictionary<string, JsonElement> { ["accountHashPrefix"] = Json($"\"{prefix}\"") },
    };

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
