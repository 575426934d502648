using System.Text;
using CertOperator.Pki.Chains;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Tests.Signing;

namespace CertOperator.Pki.Tests.Formats;

public sealed class Pkcs12Tests : IDisposable
{
    private const string Password = "pässword 1";
    private readonly AuthorityFixture _ca = new();

    public void Dispose() => _ca.Dispose();

    [Theory]
    [InlineData(Pkcs12Profile.LegacyRC2, "pbeWithSHA1And40BitRC2-CBC", "MAC: sha1")]
    [InlineData(Pkcs12Profile.LegacyDES, "pbeWithSHA1And3-KeyTripleDES-CBC", "MAC: sha1")]
    [InlineData(Pkcs12Profile.Modern2023, "PBES2, PBKDF2, AES-256-CBC, Iteration 1024, PRF hmacWithSHA256", "MAC: sha256")]
    public void OpenSSL_reads_the_store_and_finds_its_encryption(Pkcs12Profile profile, string encryption, string mac)
    {
        var store = Pkcs12.Create(ChainBuilder.Build([_ca.Leaf, _ca.IntermediateCertificate]), _ca.Key, Password, "certificate", profile);

        var output = ReadWithOpenSsl(store, "-nodes");

        Assert.Contains(encryption, output);
        Assert.Contains(mac, output);
        Assert.Contains("friendlyName: certificate", output);
        Assert.Contains("subject=CN = intermediate", output);
        var key = output.Split("-----BEGIN CERTIFICATE")[0];
        using var again = PrivateKey.ReadPem(Encoding.ASCII.GetBytes(key[key.IndexOf("-----BEGIN", StringComparison.Ordinal)..]));
        Assert.Equal(_ca.Key.PublicKeyInfo, again.PublicKeyInfo);
    }

    [Theory]
    [InlineData(KeyAlgorithm.Rsa, 2048)]
    [InlineData(KeyAlgorithm.Ecdsa, 521)]
    [InlineData(KeyAlgorithm.Ed25519, 256)]
    public void Every_kind_of_key_goes_into_a_store(KeyAlgorithm algorithm, int size)
    {
        using var key = PrivateKey.Generate(algorithm, size);
        var leaf = _ca.Root.Issue(Some.Profile("example.org"), key.PublicKeyInfo, Some.Duration, Some.Now);

        var output = ReadWithOpenSsl(Pkcs12.Create(ChainBuilder.Build([leaf]), key, Password, "a", Pkcs12Profile.Modern2023), "-nokeys");

        Assert.Equal(leaf.Fingerprint, Assert.Single(Pem.ReadCertificates(Encoding.ASCII.GetBytes(output))).Fingerprint);
    }

    [Fact]
    public void Another_password_does_not_open_it()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("a.p12", Pkcs12.Create(ChainBuilder.Build([_ca.Leaf]), _ca.Key, Password, "a", Pkcs12Profile.Modern2023));

        var (status, output) = Tool.Run("openssl", "pkcs12", "-in", file, "-passin", "pass:other", "-nodes");

        Assert.NotEqual(0, status);
        Assert.Contains("invalid password", output);
    }

    [Fact]
    public void A_trust_store_holds_the_anchors_and_no_key()
    {
        var output = ReadWithOpenSsl(Pkcs12.CreateTrustStore([_ca.RootCertificate, _ca.IntermediateCertificate], Password), "-nodes");

        Assert.DoesNotContain("PRIVATE KEY", output);
        Assert.Contains("friendlyName: ca-0", output);
        Assert.Contains("friendlyName: ca-1", output);
    }

    [Fact]
    public void Java_reads_the_stores()
    {
        Assert.SkipUnless(Tool.Has("keytool"), "keytool is not installed");
        using var folder = new TemporaryFolder();
        var store = folder.Write("a.p12", Pkcs12.Create(ChainBuilder.Build([_ca.Leaf, _ca.IntermediateCertificate]), _ca.Key, "changeit", "a", Pkcs12Profile.Modern2023));
        var trust = folder.Write("trust.p12", Pkcs12.CreateTrustStore([_ca.RootCertificate], "changeit"));

        var entry = Tool.Read("keytool", "-list", "-v", "-keystore", store, "-storepass", "changeit");
        Assert.Contains("PrivateKeyEntry", entry);
        Assert.Contains("Certificate chain length: 2", entry);
        Assert.Contains("trustedCertEntry", Tool.Read("keytool", "-list", "-v", "-keystore", trust, "-storepass", "changeit"));
    }

    private static string ReadWithOpenSsl(byte[] store, string option)
    {
        using var folder = new TemporaryFolder();
        return Tool.Read("openssl", "pkcs12", "-in", folder.Write("a.p12", store), "-passin", $"pass:{Password}", option, "-info", "-legacy");
    }
}
