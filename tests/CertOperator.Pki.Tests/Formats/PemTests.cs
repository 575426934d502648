using System.Text;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using FsCheck.Xunit;

namespace CertOperator.Pki.Tests.Formats;

public sealed class PemTests : IDisposable
{
    private readonly Signing.AuthorityFixture _ca = new();

    public void Dispose() => _ca.Dispose();

    [Fact]
    public void Certificates_keep_their_order()
    {
        var pem = Pem.Write([_ca.Leaf, _ca.IntermediateCertificate, _ca.RootCertificate]);

        Assert.Equal(
            [_ca.Leaf.Fingerprint, _ca.IntermediateCertificate.Fingerprint, _ca.RootCertificate.Fingerprint],
            Pem.ReadCertificates(pem).Select(certificate => certificate.Fingerprint));
    }

    [Fact]
    public void Explanatory_text_and_carriage_returns_are_passed_over()
    {
        var pem = "subject=CN=a\r\n" + Encoding.ASCII.GetString(Pem.Write([_ca.Leaf])).Replace("\n", "\r\n") + "the end";

        Assert.Equal(_ca.Leaf.Fingerprint, Assert.Single(Pem.ReadCertificates(Encoding.ASCII.GetBytes(pem))).Fingerprint);
    }

    [Theory]
    [InlineData("", "no certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n", "cut off")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAA?A\n-----END CERTIFICATE-----\n", "base64")]
    [InlineData("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "empty")]
    [InlineData("-----BEGIN CERTIFICATE----\nAAAA\n-----END CERTIFICATE-----\n", "malformed")]
    [InlineData("-----END CERTIFICATE-----\n", "malformed")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END X509 CRL-----\n", "different things")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "malformed")]
    [InlineData("-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n", "not a certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "not valid DER")]
    public void What_is_no_certificate_is_told_in_a_sentence(string pem, string reason)
    {
        var problem = Assert.Throws<PkiException>(() => Pem.ReadCertificates(Encoding.ASCII.GetBytes(pem)));

        Assert.Contains(reason, problem.Message);
    }

    [Fact]
    public void A_private_key_among_certificates_is_told()
    {
        using var key = Some.Key();
        byte[] pem = [.. Pem.Write([_ca.Leaf]), .. key.ToPem(KeyEncoding.Pkcs8)];

        Assert.Contains("holds a private key where certificates were expected", Assert.Throws<PkiException>(() => Pem.ReadCertificates(pem)).Message);
    }

    [Fact]
    public void Twenty_certificates_are_read_and_twenty_one_are_not()
    {
        Assert.Equal(20, Pem.ReadCertificates(Pem.Write(Enumerable.Repeat(_ca.Leaf, 20))).Count);
        Assert.Throws<PkiException>(() => Pem.ReadCertificates(Pem.Write(Enumerable.Repeat(_ca.Leaf, 21))));
    }

    [Fact]
    public void Five_megabytes_are_refused_unread() =>
        Assert.Contains("bytes", Assert.Throws<PkiException>(() => Pem.ReadCertificates(new byte[5 * 1024 * 1024])).Message);

    [Fact]
    public void A_certificate_of_more_than_64_KiB_is_refused()
    {
        var pem = $"-----BEGIN CERTIFICATE-----\n{Convert.ToBase64String(new byte[64 * 1024 + 1])}\n-----END CERTIFICATE-----\n";

        Assert.Contains("65536", Assert.Throws<PkiException>(() => Pem.ReadCertificates(Encoding.ASCII.GetBytes(pem))).Message);
    }

    [Property]
    public void Any_octets_are_read_or_refused_with_a_sentence(byte[] octets) => ReadsOrRefuses(octets);

    [Property(MaxTest = 300)]
    public void A_certificate_with_an_octet_changed_is_read_or_refused_with_a_sentence(ushort position, byte value)
    {
        var der = _ca.Leaf.Der.ToArray();
        der[position % der.Length] = value;

        ReadsOrRefuses(PemWriter.Write("CERTIFICATE", der));
    }

    [Property(MaxTest = 300)]
    public void PEM_with_an_octet_changed_is_read_or_refused_with_a_sentence(ushort position, byte value)
    {
        var pem = Pem.Write([_ca.Leaf, _ca.IntermediateCertificate]);
        pem[position % pem.Length] = value;

        ReadsOrRefuses(pem);
    }

    private static void ReadsOrRefuses(byte[] octets)
    {
        try
        {
            Assert.NotEmpty(Pem.ReadCertificates(octets));
        }
        catch (PkiException refusal)
        {
            Assert.EndsWith(".", refusal.Message);
        }
    }
}
