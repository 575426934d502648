using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Acme.Renewal;

namespace CertOperator.Acme.Tests.Renewal;

public sealed class CertificateIdTests
{
    /// <summary>The authority and the serial number of the example in RFC 9773 section 4.1.</summary>
    private static readonly byte[] Authority = Convert.FromHexString("69885B6B87464041E1B37B847BA0AE2CDE01C8D4");
    private static readonly byte[] Serial = Convert.FromHexString("0087654321");

    [Fact]
    public void The_identifier_is_that_of_RFC_9773()
    {
        Assert.True(CertificateId.TryCreate(Certificate(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(Authority)), out var id));

        Assert.Equal("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE", id.ToString());
    }

    [Fact]
    public void A_certificate_that_names_no_authority_key_has_none() => Assert.False(CertificateId.TryCreate(Certificate(), out _));

    [Fact]
    public void What_is_no_certificate_has_none() => Assert.False(CertificateId.TryCreate([1, 2, 3], out _));

    private static byte[] Certificate(params X509Extension[] extensions)
    {
        using var key = Some.Key();
        var request = new CertificateRequest("CN=leaf", key, HashAlgorithmName.SHA256);
        foreach (var extension in extensions) request.CertificateExtensions.Add(extension);
        using var certificate = request.Create(new X500DistinguishedName("CN=ca"), X509SignatureGenerator.CreateForECDsa(key), Some.Now, Some.Now.AddDays(90), Serial);
        return certificate.RawData;
    }
}
