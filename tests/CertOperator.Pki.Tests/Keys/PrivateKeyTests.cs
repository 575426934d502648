using System.Text;
using CertOperator.Pki.Keys;

namespace CertOperator.Pki.Tests.Keys;

public sealed class PrivateKeyTests
{
    public static TheoryData<KeyAlgorithm, int, KeyEncoding, string> Kinds => new()
    {
        { KeyAlgorithm.Rsa, 2048, KeyEncoding.Pkcs1, "RSA PRIVATE KEY" },
        { KeyAlgorithm.Rsa, 2048, KeyEncoding.Pkcs8, "PRIVATE KEY" },
        { KeyAlgorithm.Ecdsa, 256, KeyEncoding.Pkcs1, "EC PRIVATE KEY" },
        { KeyAlgorithm.Ecdsa, 256, KeyEncoding.Pkcs8, "PRIVATE KEY" },
        { KeyAlgorithm.Ecdsa, 384, KeyEncoding.Pkcs1, "EC PRIVATE KEY" },
        { KeyAlgorithm.Ecdsa, 521, KeyEncoding.Pkcs8, "PRIVATE KEY" },
        { KeyAlgorithm.Ed25519, 256, KeyEncoding.Pkcs1, "PRIVATE KEY" },
        { KeyAlgorithm.Ed25519, 256, KeyEncoding.Pkcs8, "PRIVATE KEY" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_key_reads_back_as_itself(KeyAlgorithm algorithm, int size, KeyEncoding encoding, string label)
    {
        using var key = PrivateKey.Generate(algorithm, size);
        var pem = key.ToPem(encoding);
        using var again = PrivateKey.ReadPem(pem);

        Assert.StartsWith($"-----BEGIN {label}-----\n", Encoding.ASCII.GetString(pem));
        Assert.Equal((algorithm, size), (again.Algorithm, again.Size));
        Assert.Equal(key.PublicKeyInfo, again.PublicKeyInfo);
        Assert.Equal(pem, again.ToPem(encoding));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void OpenSSL_reads_the_key_and_finds_the_same_public_half(KeyAlgorithm algorithm, int size, KeyEncoding encoding, string label)
    {
        using var folder = new TemporaryFolder();
        using var key = PrivateKey.Generate(algorithm, size);
        var file = folder.Write("key.pem", key.ToPem(encoding));

        var publicKey = Tool.Read("openssl", "pkey", "-in", file, "-pubout");

        Assert.Contains(label, File.ReadAllText(file));
        Assert.Equal(key.PublicKeyInfo, Convert.FromBase64String(string.Concat(publicKey.Split('\n').Where(line => !line.StartsWith('-')))));
    }

    [Theory]
    [InlineData("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048", KeyAlgorithm.Rsa, 2048)]
    [InlineData("ecparam -name secp384r1 -genkey", KeyAlgorithm.Ecdsa, 384)]
    [InlineData("genpkey -algorithm ED25519", KeyAlgorithm.Ed25519, 256)]
    public void Keys_that_OpenSSL_made_are_read(string command, KeyAlgorithm algorithm, int size)
    {
        using var key = PrivateKey.ReadPem(Encoding.ASCII.GetBytes(Tool.Read("openssl", command.Split(' '))));

        Assert.Equal((algorithm, size), (key.Algorithm, key.Size));
    }

    [Theory]
    [InlineData(KeyAlgorithm.Rsa, 1024)]
    [InlineData(KeyAlgorithm.Rsa, 8200)]
    [InlineData(KeyAlgorithm.Rsa, 2047)]
    [InlineData(KeyAlgorithm.Ecdsa, 224)]
    [InlineData(KeyAlgorithm.Ecdsa, 0)]
    public void A_size_that_does_not_fit_is_named(KeyAlgorithm algorithm, int size)
    {
        var problem = Assert.Throws<PkiException>(() => PrivateKey.Generate(algorithm, size));

        Assert.Contains($"{size} bits", problem.Message);
    }

    [Theory]
    [InlineData("", "holds no PEM block")]
    [InlineData("not a key", "holds no PEM block")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "certificate where a private key was expected")]
    [InlineData("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n", "encrypted")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "cannot be read")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n", "cannot be read")]
    [InlineData("-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n", "cannot be read")]
    public void What_is_no_key_is_told_in_a_sentence(string pem, string reason)
    {
        var problem = Assert.Throws<PkiException>(() => PrivateKey.ReadPem(Encoding.ASCII.GetBytes(pem)));

        Assert.Contains(reason, problem.Message);
    }

    [Fact]
    public void Two_keys_are_refused()
    {
        using var key = Some.Key();
        var pem = key.ToPem(KeyEncoding.Pkcs8);

        Assert.Throws<PkiException>(() => PrivateKey.ReadPem([.. pem, .. pem]));
    }

    [Fact]
    public void A_key_on_another_curve_is_refused_by_name()
    {
        var pem = Encoding.ASCII.GetBytes(Tool.Read("openssl", "ecparam", "-name", "secp256k1", "-genkey"));

        var problem = Assert.Throws<PkiException>(() => PrivateKey.ReadPem(pem));

        Assert.Contains("curve", problem.Message);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_damaged_key_shows_nothing_of_itself(KeyAlgorithm algorithm, int size, KeyEncoding encoding, string label)
    {
        using var key = PrivateKey.Generate(algorithm, size);
        var lines = Encoding.ASCII.GetString(key.ToPem(encoding)).Split('\n');
        var body = lines[1];
        lines[1] = body[..20];

        var problem = Assert.Throws<PkiException>(() => PrivateKey.ReadPem(Encoding.ASCII.GetBytes(string.Join('\n', lines))));

        Assert.Contains(label, lines[0]);
        Assert.DoesNotContain(body[..12], problem.ToString());
    }
}
