using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CertOperator.Acme.Jose;

namespace CertOperator.Acme.Tests.Jose;

public sealed class AccountKeyTests
{
    /// <summary>The key of RFC 7638 section 3.1.</summary>
    private const string Modulus =
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";

    [Fact]
    public void The_thumbprint_is_that_of_RFC_7638()
    {
        var key = new PublicOnly($$"""{"e":"AQAB","kty":"RSA","n":"{{Modulus}}"}""");

        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", key.Thumbprint);
    }

    [Theory]
    [InlineData("ES256", 64, 43)]
    [InlineData("ES384", 96, 64)]
    [InlineData("ES512", 132, 88)]
    public async Task Signatures_and_coordinates_have_a_fixed_width(string algorithm, int signature, int coordinate)
    {
        for (var i = 0; i < 50; i++)
        {
            using var key = LocalAccountKey.Generate(algorithm);
            using var jwk = JsonDocument.Parse(key.PublicJwk);
            Assert.Equal(coordinate, jwk.RootElement.GetProperty("x").GetString()!.Length);
            Assert.Equal(coordinate, jwk.RootElement.GetProperty("y").GetString()!.Length);
            for (var j = 0; j < 10; j++) Assert.Equal(signature, (await key.SignAsync(new byte[] { (byte)j })).Length);
        }
    }

    [Theory]
    [InlineData("ES256")]
    [InlineData("RS256")]
    public void A_key_survives_being_stored(string algorithm)
    {
        using var key = LocalAccountKey.Generate(algorithm);
        using var stored = LocalAccountKey.FromPem(key.ToPem());

        Assert.Equal((key.Algorithm, key.PublicJwk), (stored.Algorithm, stored.PublicJwk));
    }

    [Fact]
    public void The_members_of_a_public_key_are_sorted_and_without_blanks()
    {
        using var key = LocalAccountKey.Generate();
        using var rsa = LocalAccountKey.Generate("RS256");

        Assert.Matches("""^\{"crv":"P-256","kty":"EC","x":"[^"]*","y":"[^"]*"\}$""", key.PublicJwk);
        Assert.Matches("""^\{"e":"AQAB","kty":"RSA","n":"[^"]*"\}$""", rsa.PublicJwk);
    }

    [Fact]
    public void What_cannot_be_an_account_key_is_refused_without_showing_it()
    {
        using var small = RSA.Create(1024);
        using var exotic = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        using var good = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        foreach (var pem in new[] { small.ExportPkcs8PrivateKeyPem(), exotic.ExportPkcs8PrivateKeyPem(), good.ExportSubjectPublicKeyInfoPem(), "", "not PEM", new string('A', 20_000) })
        {
            var problem = Assert.Throws<ArgumentException>(() => LocalAccountKey.FromPem(pem));
            Assert.DoesNotContain("MII", problem.Message);
        }
    }

    [Theory]
    [InlineData("AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")]
    [InlineData("  AAECAwQFBgcICQoLDA0ODxAREhMUFRYX\n")]
    [InlineData("_-ECAwQFBgcICQoLDA0ODxAREhMUFRY")]
    [InlineData("/+ECAwQFBgcICQoLDA0ODxAREhMUFRY=")]
    public void A_MAC_key_is_taken_as_people_copy_it(string text) => Assert.Equal("id", new ExternalAccountBinding(" id ", text).KeyId);

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("no base64!")]
    public void A_MAC_key_that_cannot_be_one_is_refused_without_showing_it(string text)
    {
        var problem = Assert.Throws<ArgumentException>(() => new ExternalAccountBinding("id", text));

        Assert.True(text.Length == 0 || !problem.Message.Contains(text));
    }

    [Fact]
    public void A_binding_authenticates_the_public_key_for_one_address_without_a_nonce()
    {
        using var key = LocalAccountKey.Generate();
        var mac = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();

        using var jws = JsonDocument.Parse(new ExternalAccountBinding("id", Base64Url.EncodeToString(mac)).Sign(key, new Uri("https://ca.example/new?a=1&b=2")));

        var header = Base64Url.DecodeFromChars(jws.RootElement.GetProperty("protected").GetString());
        var payload = Base64Url.DecodeFromChars(jws.RootElement.GetProperty("payload").GetString());
        var input = $"{jws.RootElement.GetProperty("protected").GetString()}.{jws.RootElement.GetProperty("payload").GetString()}";
        Assert.Equal("""{"alg":"HS256","url":"https://ca.example/new?a=1&b=2","kid":"id"}""", Encoding.UTF8.GetString(header));
        Assert.Equal(key.PublicJwk, Encoding.UTF8.GetString(payload));
        Assert.Equal(Base64Url.EncodeToString(HMACSHA256.HashData(mac, Encoding.ASCII.GetBytes(input))), jws.RootElement.GetProperty("signature").GetString());
    }

    private sealed class PublicOnly(string jwk) : AccountKey
    {
        public override string Algorithm => "RS256";

        public override string PublicJwk => jwk;

        public override ReadOnlyMemory<byte> PublicKeyInfo => default;

        public override ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
