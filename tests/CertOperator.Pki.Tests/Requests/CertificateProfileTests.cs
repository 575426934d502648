using CertOperator.Pki.Requests;

namespace CertOperator.Pki.Tests.Requests;

public sealed class CertificateProfileTests
{
    [Fact]
    public void An_ordinary_profile_can_be_written() => Assert.Null(Some.Profile("a.example").Problem());

    [Fact]
    public void A_CA_without_a_subject_cannot()
        => Assert.Contains("common name", (Some.CaProfile("root") with { Subject = DistinguishedName.Empty }).Problem());

    [Fact]
    public void The_usage_cert_sign_without_a_CA_cannot()
        => Assert.Contains("cert sign", (Some.Profile("a.example") with { Usages = ["cert sign"] }).Problem());

    [Fact]
    public void A_range_that_is_none_cannot()
        => Assert.Contains("10.0.0.0/99", Constrained(new NameSubtrees { IpRanges = ["10.0.0.0/99"] }).Problem());

    [Fact]
    public void More_than_fits_cannot()
    {
        var uris = Enumerable.Range(0, 40).Select(i => $"https://example.org/{i}/{new string('a', 1000)}").ToList();

        Assert.Contains("at most 32768", (Some.Profile("a.example") with { Names = SubjectNames.Empty with { Uris = uris } }).Problem());
    }

    [Fact]
    public void A_subject_longer_than_is_read_is_refused()
    {
        var parts = new SubjectParts { Organizations = [.. Enumerable.Range(0, 400).Select(i => $"{i} {new string('a', 60)}")] };

        Assert.Contains("at most 16384", Assert.Throws<PkiException>(() => DistinguishedName.FromParts("a", parts)).Message);
    }

    private static CertificateProfile Constrained(NameSubtrees permitted)
        => Some.CaProfile("root") with { NameConstraints = new NameConstraints { Permitted = permitted } };
}
