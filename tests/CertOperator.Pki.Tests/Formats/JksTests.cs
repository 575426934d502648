using CertOperator.Pki.Chains;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Tests.Signing;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace CertOperator.Pki.Tests.Formats;

public sealed class JksTests : IDisposable
{
    private const string Password = "changeit";
    private readonly AuthorityFixture _ca = new();

    public void Dispose() => _ca.Dispose();

    [Theory]
    [InlineData(KeyAlgorithm.Rsa, 2048)]
    [InlineData(KeyAlgorithm.Ecdsa, 256)]
    [InlineData(KeyAlgorithm.Ed25519, 256)]
    public void The_store_gives_back_the_key_and_its_chain(KeyAlgorithm algorithm, int size)
    {
        using var key = PrivateKey.Generate(algorithm, size);
        var leaf = _ca.Intermediate.Issue(Some.Profile("example.org"), key.PublicKeyInfo, Some.Duration, Some.Now);
        var chain = ChainBuilder.Build([leaf, _ca.IntermediateCertificate, _ca.RootCertificate]);

        var store = Load(Jks.Create(chain, key, Password, "certificate"));

        Assert.Equal(chain.Certificates.Select(c => c.Der.ToArray()), store.GetCertificateChain("certificate").Select(c => c.GetEncoded()));
        var publicKey = new X509Certificate(leaf.Der.ToArray()).GetPublicKey();
        var signer = SignerUtilities.GetSigner(algorithm switch { KeyAlgorithm.Rsa => "SHA256withRSA", KeyAlgorithm.Ecdsa => "SHA256withECDSA", _ => "Ed25519" });
        signer.Init(true, store.GetKey("certificate", Password.AsSpan()));
        signer.BlockUpdate([1, 2, 3]);
        var signature = signer.GenerateSignature();
        signer.Init(false, publicKey);
        signer.BlockUpdate([1, 2, 3]);
        Assert.True(signer.VerifySignature(signature));
    }

    [Fact]
    public void Another_password_does_not_open_it()
    {
        var store = Jks.Create(ChainBuilder.Build([_ca.Leaf]), _ca.Key, Password, "a");

        Assert.Throws<IOException>(() => new JksStore().Load(new MemoryStream(store), "other".AsSpan()));
    }

    [Fact]
    public void A_trust_store_holds_the_anchors()
    {
        var store = Load(Jks.CreateTrustStore([_ca.RootCertificate, _ca.IntermediateCertificate], Password));

        Assert.Equal(["ca-0", "ca-1"], store.Aliases.Order());
        Assert.Equal(_ca.RootCertificate.Der.ToArray(), store.GetCertificate("ca-0").GetEncoded());
    }

    [Fact]
    public void Java_reads_the_stores()
    {
        Assert.SkipUnless(Tool.Has("keytool"), "keytool is not installed");
        using var folder = new TemporaryFolder();
        var store = folder.Write("a.jks", Jks.Create(ChainBuilder.Build([_ca.Leaf, _ca.IntermediateCertificate]), _ca.Key, Password, "a"));
        var trust = folder.Write("trust.jks", Jks.CreateTrustStore([_ca.RootCertificate], Password));

        var entry = Tool.Read("keytool", "-list", "-v", "-keystore", store, "-storepass", Password);
        Assert.Contains("PrivateKeyEntry", entry);
        Assert.Contains("Certificate chain length: 2", entry);
        Assert.Contains("trustedCertEntry", Tool.Read("keytool", "-list", "-v", "-keystore", trust, "-storepass", Password));
    }

    private static JksStore Load(byte[] octets)
    {
        var store = new JksStore();
        store.Load(new MemoryStream(octets), Password.AsSpan());
        return store;
    }
}
