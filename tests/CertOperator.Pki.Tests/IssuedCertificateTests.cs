using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Tests.Signing;

namespace CertOperator.Pki.Tests;

public sealed class IssuedCertificateTests : IDisposable
{
    private readonly AuthorityFixture _ca = new();

    public void Dispose() => _ca.Dispose();

    [Fact]
    public void It_says_what_the_platform_reads_from_it()
    {
        using var platform = X509CertificateLoader.LoadCertificate(_ca.IntermediateCertificate.Der.Span);
        var certificate = _ca.IntermediateCertificate;

        Assert.Equal(platform.NotBefore.ToUniversalTime(), certificate.NotBefore.UtcDateTime);
        Assert.Equal(platform.NotAfter.ToUniversalTime(), certificate.NotAfter.UtcDateTime);
        Assert.Equal(platform.SerialNumber.TrimStart('0'), certificate.SerialNumber);
        Assert.Equal(platform.SubjectName.RawData, certificate.Subject.Der.ToArray());
        Assert.Equal(platform.IssuerName.RawData, certificate.Issuer.Der.ToArray());
        Assert.Equal(platform.GetCertHashString(HashAlgorithmName.SHA256), certificate.Fingerprint);
        Assert.Equal(platform.PublicKey.ExportSubjectPublicKeyInfo(), certificate.PublicKeyInfo.ToArray());
        Assert.Equal(platform.SignatureAlgorithm.Value, certificate.SignatureAlgorithmOid);
        Assert.Equal((KeyAlgorithm.Ecdsa, 256), (certificate.PublicKeyAlgorithm, certificate.KeySize));
    }

    [Fact]
    public void Many_threads_are_told_the_same_by_one_key()
    {
        var other = Some.Root();
        IssuedCertificate[] certificates = [.. Enumerable.Range(0, 64).Select(number => Some.Leaf(number % 2 == 0 ? _ca.Root : other, $"n{number}.example"))];

        var told = certificates.AsParallel().AsOrdered().WithDegreeOfParallelism(8).Select(certificate => certificate.IsSignedBy(_ca.RootCertificate));

        Assert.Equal(Enumerable.Range(0, 64).Select(number => number % 2 == 0), told);
        other.Dispose();
    }

    [Fact]
    public void The_platform_builds_a_chain_to_the_root()
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(_ca.RootCertificate.Der.Span));
        chain.ChainPolicy.ExtraStore.Add(X509CertificateLoader.LoadCertificate(_ca.IntermediateCertificate.Der.Span));
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = Some.Now.UtcDateTime;
        using var leaf = X509CertificateLoader.LoadCertificate(_ca.Leaf.Der.Span);

        Assert.True(chain.Build(leaf), string.Join("; ", chain.ChainStatus.Select(status => status.StatusInformation)));
        Assert.True(leaf.MatchesHostname("example.org"));
    }

    [Theory]
    [InlineData("sha256", "")]
    [InlineData("sha384", "-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:-1")]
    [InlineData("sha1", "")]
    [InlineData("md5", "")]
    public void Certificates_that_OpenSSL_made_are_read_and_weak_signatures_seen(string hash, string options)
    {
        using var folder = new TemporaryFolder();
        using var key = PrivateKey.Generate(KeyAlgorithm.Rsa, 2048);
        string[] arguments = ["req", "-x509", "-key", folder.Write("key.pem", key.ToPem(KeyEncoding.Pkcs1)), $"-{hash}",
            .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-subj", "/C=DE/O=Ex, Inc./CN=a", "-addext", "subjectAltName=DNS:a.example"];

        var certificate = Assert.Single(Pem.ReadCertificates(Encoding.ASCII.GetBytes(Tool.Read("openssl", arguments))));

        Assert.Equal("CN=a,O=Ex\\, Inc.,C=DE", certificate.Subject.ToString());
        Assert.Equal(["a.example"], certificate.Names.DnsNames);
        Assert.Equal(hash is "sha1" or "md5", certificate.HasWeakSignature);
        Assert.Equal(hash != "md5", certificate.IsSelfSigned);
    }

    [Fact]
    public void Data_after_the_certificate_is_refused() =>
        Assert.Throws<PkiException>(() => IssuedCertificate.Parse((byte[])[.. _ca.Leaf.Der.Span, 0]));

    [Fact]
    public void A_message_names_it_by_its_subject_or_else_its_first_name()
    {
        Assert.StartsWith("\"CN=root\" (serial ", _ca.RootCertificate.ToString());
        Assert.StartsWith("\"example.org\" (serial ", _ca.Leaf.ToString());
    }

    [Fact]
    public void A_hostile_name_stays_on_one_line_of_a_message()
    {
        var certificate = Some.Leaf(_ca.Root, "a.example\nlevel=info all is well", new string('b', 5000));

        Assert.StartsWith("\"a.example?level=info all is well\" (serial ", certificate.ToString());
        Assert.True(Some.Leaf(_ca.Root, new string('b', 5000)).ToString().Length < 400);
    }

    [Fact]
    public void A_changed_signature_is_not_verified()
    {
        var der = _ca.Leaf.Der.ToArray();
        der[^1] ^= 1;

        Assert.False(IssuedCertificate.Parse(der).IsSignedBy(_ca.IntermediateCertificate));
        Assert.True(_ca.Leaf.IsSignedBy(_ca.IntermediateCertificate));
    }
}
