using System.Text;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Testing.Fuzzing;
using FsCheck;
using FsCheck.Xunit;

namespace CertOperator.Pki.Tests.Formats;

public sealed class PemTests : IDisposable
{
    private static readonly Corpus Chains = Corpus.Read("Formats", "Corpus", "chain");

    /// <summary>Made anew at each run: no key is kept anywhere.</summary>
    private static readonly Corpus Keys = new(MakeKeys());

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

    [Fact]
    public void Chains_and_keys_of_others_are_read()
    {
        Assert.Equal([1, 2, 2], Chains.Items.Select(pem => Pem.ReadCertificates(pem).Count).Order());
        Assert.All(Keys.Items, pem => Assert.Null(Refusal(pem)));
    }

    [Property(MaxTest = 1000)]
    public void A_chain_of_others_with_places_changed_is_read_or_refused_with_a_sentence(DoNotSize<int> seed) => ReadsOrRefuses(Chains.Mutate(seed.Item));

    [Property(MaxTest = 500)]
    public void A_key_with_places_changed_is_read_or_refused_with_a_sentence_that_does_not_hold_it(DoNotSize<int> seed)
    {
        var pem = Keys.Mutate(seed.Item);
        if (Refusal(pem) is { } refusal)
            Assert.DoesNotContain(Encoding.Latin1.GetString(pem).Split('\n'), line => line.Length >= 16 && !line.StartsWith('-') && refusal.Contains(line, StringComparison.Ordinal));
    }

    private static IEnumerable<byte[]> MakeKeys()
    {
        foreach (var (algorithm, size) in new[] { (KeyAlgorithm.Rsa, 2048), (KeyAlgorithm.Ecdsa, 256), (KeyAlgorithm.Ecdsa, 521), (KeyAlgorithm.Ed25519, 256) })
        {
            using var key = PrivateKey.Generate(algorithm, size);
            yield return key.ToPem(KeyEncoding.Pkcs8);
            if (algorithm != KeyAlgorithm.Ed25519)
                yield return key.ToPem(KeyEncoding.Pkcs1);
        }
    }

    /// <summary>Why a key is refused; null if it is read.</summary>
    private static string? Refusal(byte[] pem)
    {
        try
        {
            using var key = PrivateKey.ReadPem(pem);
            return null;
        }
        catch (PkiException refusal)
        {
            return refusal.Message;
        }
    }

    private static void ReadsOrRefuses(byte[] octets) => Growth.Within(octets.Length, 1024 * 1024, 64, () =>
    {
        try
        {
            Assert.NotEmpty(Pem.ReadCertificates(octets));
        }
        catch (PkiException refusal)
        {
            Assert.EndsWith(".", refusal.Message);
        }

        return true;
    });
}
