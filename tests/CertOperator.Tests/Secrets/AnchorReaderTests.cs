using System.Text;
using CertOperator.Pki;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;
using CertOperator.Pki.Signing;

namespace CertOperator.Secrets;

public sealed class AnchorReaderTests
{
    private readonly AnchorReader _reader = new();

    [Fact]
    public void An_entry_that_was_read_before_gives_the_same_certificates()
    {
        byte[] entry = Authority("one");

        IssuedCertificate first = Assert.Single(_reader.Read(entry));

        Assert.Same(first, Assert.Single(_reader.Read([.. entry])));
    }

    [Fact]
    public void Each_of_many_entries_gives_its_own_certificate()
    {
        string[] names = [.. Enumerable.Range(0, 200).Select(i => $"CN=ca-{i}")];
        byte[][] entries = [.. names.Select(name => Authority(name[3..]))];

        string[] read = [.. entries.Concat(entries).Select(entry => Assert.Single(_reader.Read(entry)).Subject.ToString())];

        Assert.Equal([.. names, .. names], read);
    }

    [Fact]
    public void An_entry_too_large_to_be_kept_is_read_each_time()
    {
        byte[] entry = [.. Encoding.ASCII.GetBytes(new string('\n', 20_000)), .. Authority("large")];

        IssuedCertificate first = Assert.Single(_reader.Read(entry));

        Assert.NotSame(first, Assert.Single(_reader.Read(entry)));
    }

    [Fact]
    public void An_entry_without_a_certificate_is_refused_each_time()
    {
        byte[] entry = "no certificate"u8.ToArray();

        Assert.Throws<PkiException>(() => _reader.Read(entry));
        Assert.Throws<PkiException>(() => _reader.Read(entry));
    }

    private static byte[] Authority(string name)
    {
        using var key = PrivateKey.Generate(KeyAlgorithm.Ecdsa, 256);
        var profile = new CertificateProfile { Subject = DistinguishedName.Parse($"CN={name}"), IsCa = true };
        return Pem.Write([CertificateAuthority.SelfSign(profile, key, TimeSpan.FromDays(1), DateTimeOffset.UnixEpoch)]);
    }
}
