using CertOperator.Pki.Requests;
using CertOperator.Pki.Signing;
using FsCheck.Xunit;

namespace CertOperator.Pki.Tests.Requests;

public sealed class DistinguishedNameTests
{
    [Property(Arbitrary = [typeof(Names)])]
    public bool Its_text_reads_back_as_itself(DistinguishedName name) =>
        DistinguishedName.Parse(name.ToString()).Der.Span.SequenceEqual(name.Der.Span);

    [Property(Arbitrary = [typeof(Names)])]
    public bool Its_DER_reads_back_as_itself(DistinguishedName name)
    {
        var again = DistinguishedName.FromDer(name.Der);

        return again.Equals(name) && again.GetHashCode() == name.GetHashCode() && again.ToString() == name.ToString();
    }

    [Property]
    public void Any_text_is_read_or_refused_with_a_sentence(string? text)
    {
        try
        {
            Assert.NotNull(DistinguishedName.Parse(text ?? "").ToString());
        }
        catch (PkiException refusal)
        {
            Assert.EndsWith(".", refusal.Message);
        }
    }

    [Theory]
    [InlineData("CN=a", "CN=a")]
    [InlineData("CN=a,O=b,C=NL", "CN=a,O=b,C=NL")]
    [InlineData("cn = a , o=b", "CN=a,O=b")]
    [InlineData("OU=Sales+CN=J.  Smith,DC=example,DC=net", "OU=Sales+CN=J.  Smith,DC=example,DC=net")]
    [InlineData("CN=James \\\"Jim\\\" Smith\\, III", "CN=James \\\"Jim\\\" Smith\\, III")]
    [InlineData("CN=Before\\0dAfter", "CN=Before\\0DAfter")]
    [InlineData("CN=Lu\\C4\\8Di\\C4\\87", "CN=Lučić")]
    [InlineData("CN=\\ a\\ ", "CN=\\ a\\ ")]
    [InlineData("1.3.6.1.4.1.1466.0=#04024869", "1.3.6.1.4.1.1466.0=#04024869")]
    [InlineData("2.5.4.3=a", "CN=a")]
    [InlineData("", "")]
    public void Text_of_RFC_4514_is_read(string text, string formatted) => Assert.Equal(formatted, DistinguishedName.Parse(text).ToString());

    [Theory]
    [InlineData("a")]
    [InlineData("CN")]
    [InlineData("CN=")]
    [InlineData("CN=a,")]
    [InlineData("CN=a;O=b")]
    [InlineData("XX=a")]
    [InlineData("1.99.1=a")]
    [InlineData("CN=#0")]
    [InlineData("CN=#0402")]
    [InlineData("CN=a\\")]
    [InlineData("CN=\\zz")]
    [InlineData("CN=\\FF")]
    [InlineData("CN=\\00")]
    [InlineData("C=NLD")]
    [InlineData("DC=é")]
    public void Text_that_is_no_name_is_refused(string text) => Assert.Throws<PkiException>(() => DistinguishedName.Parse(text));

    [Fact]
    public void The_last_common_name_counts() => Assert.Equal("specific", DistinguishedName.Parse("CN=specific,CN=general").CommonName);

    [Fact]
    public void Case_and_runs_of_spaces_do_not_count()
    {
        Assert.Equal(DistinguishedName.Parse("CN=Example  CA,O=b"), DistinguishedName.Parse("CN= example ca,O=B"));
        Assert.NotEqual(DistinguishedName.Parse("CN=a,O=b"), DistinguishedName.Parse("O=b,CN=a"));
        Assert.NotEqual(DistinguishedName.Parse("CN=a"), DistinguishedName.Parse("O=a"));
    }

    [Fact]
    public void Parts_stand_from_general_to_specific()
    {
        var name = DistinguishedName.FromParts("a", new SubjectParts
        {
            Organizations = ["o1", "o2"],
            OrganizationalUnits = ["ou"],
            Countries = ["NL"],
            Localities = ["l"],
            Provinces = ["st"],
            StreetAddresses = ["street"],
            PostalCodes = ["1234 AB"],
            SerialNumber = "7",
        });

        Assert.Equal("CN=a,SERIALNUMBER=7,OU=ou,O=o2,O=o1,POSTALCODE=1234 AB,STREET=street,L=l,ST=st,C=NL", name.ToString());
    }

    [Fact]
    public void Parts_that_do_not_fit_are_refused()
    {
        Assert.Throws<PkiException>(() => Some.Name(new string('a', 65)));
        Assert.Throws<PkiException>(() => DistinguishedName.FromParts(null, new SubjectParts { Countries = ["1A"] }));
        Assert.Throws<PkiException>(() => DistinguishedName.FromParts(null, new SubjectParts { SerialNumber = "a*b" }));
        Assert.Throws<PkiException>(() => DistinguishedName.FromParts("\ud800", SubjectParts.Empty));
    }

    [Property(Arbitrary = [typeof(Names)], MaxTest = 20)]
    public void OpenSSL_reads_the_same_subject(DistinguishedName name)
    {
        using var folder = new TemporaryFolder();
        using var key = Some.Key();
        var certificate = CertificateAuthority.SelfSign(new CertificateProfile { Subject = name }, key, Some.Duration, Some.Now);

        var printed = Tool.Read(
            "openssl", "x509", "-in", folder.Write("a.der", certificate.Der.ToArray()), "-inform", "DER", "-noout", "-subject", "-nameopt", "RFC2253,dump_all,dump_der");

        Assert.Equal(name, DistinguishedName.Parse(printed["subject=".Length..].TrimEnd('\n')));
    }
}
