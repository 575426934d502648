using System.Text;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;
using CertOperator.Pki.Signing;

namespace CertOperator.Pki.Tests.Signing;

public sealed class CertificateAuthorityTests : IDisposable
{
    private readonly AuthorityFixture _ca = new();

    public void Dispose() => _ca.Dispose();

    [Fact]
    public void A_certificate_says_what_was_asked_for()
    {
        var names = new SubjectNames(
            ["example.org", "*.example.org"],
            ["192.0.2.1", "2001:db8::1"],
            ["spiffe://cluster.local/ns/a/sa/b"],
            ["ops@example.org"],
            [new OtherName("1.3.6.1.4.1.311.20.2.3", "user@example.org")]);
        var profile = new CertificateProfile
        {
            Subject = Some.Name("example.org"),
            Names = names,
            Usages = ["digital signature", "key encipherment", "server auth", "client auth"],
        };

        var certificate = _ca.Intermediate.Issue(profile, _ca.Key.PublicKeyInfo, Some.Duration, Some.Now);

        Assert.Equal("CN=example.org", certificate.Subject.ToString());
        Assert.Equal("CN=intermediate", certificate.Issuer.ToString());
        Assert.True(certificate.Names.Covers(names));
        Assert.True(names.Covers(certificate.Names));
        Assert.Equal(KeyUsages.DigitalSignature | KeyUsages.KeyEncipherment, certificate.KeyUsages);
        Assert.Equal(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"], certificate.ExtendedKeyUsages);
        Assert.False(certificate.IsCa);
        Assert.True(certificate.HasSameKeyAs(_ca.Key.PublicKeyInfo));
    }

    [Fact]
    public void It_is_valid_from_five_minutes_ago_for_the_duration()
    {
        using var root = new CertificateAuthority(
            [CertificateAuthority.SelfSign(Some.CaProfile("old"), _ca.Key, TimeSpan.FromDays(400), Some.Now.AddDays(-1))], _ca.Key);

        var certificate = root.Issue(Some.Profile("a.example"), _ca.Key.PublicKeyInfo, Some.Duration, Some.Now);

        Assert.Equal(Some.Now.AddMinutes(-5), certificate.NotBefore);
        Assert.Equal(Some.Now + Some.Duration, certificate.NotAfter);
    }

    [Theory]
    [InlineData(60, 5)]
    [InlineData(1800, 150)]
    [InlineData(3600, 300)]
    [InlineData(7200, 300)]
    public void Back_dating_is_a_twelfth_of_the_duration_and_five_minutes_at_most(int seconds, int backDated)
    {
        var certificate = CertificateAuthority.SelfSign(Some.CaProfile("brief"), _ca.Key, TimeSpan.FromSeconds(seconds), Some.Now);

        Assert.Equal(Some.Now.AddSeconds(-backDated), certificate.NotBefore);
    }

    [Fact]
    public void What_a_CA_cuts_short_is_back_dated_by_what_is_left()
    {
        var certificate = _ca.Root.Issue(Some.Profile("a.example"), _ca.Key.PublicKeyInfo, Some.Duration, _ca.RootCertificate.NotAfter.AddMinutes(-12));

        Assert.Equal(_ca.RootCertificate.NotAfter.AddMinutes(-13), certificate.NotBefore);
        Assert.Equal(_ca.RootCertificate.NotAfter, certificate.NotAfter);
    }

    [Fact]
    public void It_is_never_valid_outside_the_life_of_its_CA()
    {
        var certificate = _ca.Root.Issue(Some.Profile("a.example"), _ca.Key.PublicKeyInfo, TimeSpan.FromDays(36500), Some.Now.AddMinutes(-4));

        Assert.Equal(_ca.RootCertificate.NotBefore, certificate.NotBefore);
        Assert.Equal(_ca.RootCertificate.NotAfter, certificate.NotAfter);
    }

    [Fact]
    public void An_endless_duration_ends_with_the_last_year_that_can_be_written()
    {
        var certificate = CertificateAuthority.SelfSign(Some.CaProfile("root"), _ca.Key, TimeSpan.MaxValue, Some.Now);

        Assert.Equal(new DateTimeOffset(9999, 12, 31, 23, 59, 59, TimeSpan.Zero), certificate.NotAfter);
    }

    [Fact]
    public void Serial_numbers_have_128_bits_and_do_not_repeat()
    {
        var serials = Enumerable.Range(0, 50).Select(_ => Some.Leaf(_ca.Root, "a.example").SerialNumber).ToList();

        Assert.Equal(50, serials.Distinct().Count());
        Assert.All(serials, serial => Assert.Equal(32, serial.Length));
    }

    [Fact]
    public void Key_identifiers_link_a_certificate_to_its_issuer()
    {
        Assert.Equal(_ca.IntermediateCertificate.SubjectKeyId!.Value.ToArray(), _ca.Leaf.AuthorityKeyId!.Value.ToArray());
        Assert.NotEqual(_ca.Leaf.AuthorityKeyId!.Value.ToArray(), _ca.Leaf.SubjectKeyId!.Value.ToArray());
        Assert.Equal(_ca.RootCertificate.SubjectKeyId!.Value.ToArray(), _ca.RootCertificate.AuthorityKeyId!.Value.ToArray());
    }

    [Fact]
    public void A_signature_is_by_its_issuer_and_by_no_other()
    {
        using var namesake = Some.Root();

        Assert.True(_ca.IntermediateCertificate.IsSignedBy(_ca.RootCertificate));
        Assert.False(_ca.IntermediateCertificate.IsSignedBy(namesake.Chain[0]));
        Assert.False(_ca.Leaf.IsSignedBy(_ca.RootCertificate));
        Assert.True(_ca.RootCertificate.IsSelfSigned);
        Assert.False(_ca.Leaf.IsSelfSigned);
    }

    [Fact]
    public void It_issues_on_several_threads_at_once()
    {
        var issued = new IssuedCertificate[200];

        Parallel.For(0, issued.Length, i =>
            issued[i] = _ca.Root.Issue(Some.Profile($"n{i}.example"), _ca.Key.PublicKeyInfo, Some.Duration, Some.Now));

        Assert.All(issued, (certificate, i) => Assert.Equal([$"n{i}.example"], certificate.Names.DnsNames));
        Assert.All(issued, certificate => Assert.True(certificate.IsSignedBy(_ca.RootCertificate)));
    }

    [Fact]
    public void A_CA_that_may_have_none_below_it_refuses_to_make_one()
    {
        using var root = Some.Root(Some.CaProfile("root") with { PathLength = 0 });

        Assert.Throws<PkiException>(() => root.Issue(Some.CaProfile("below"), _ca.Key.PublicKeyInfo, Some.Duration, Some.Now));
        Assert.NotNull(root.Issue(Some.Profile("a.example"), _ca.Key.PublicKeyInfo, Some.Duration, Some.Now));
    }

    [Fact]
    public void A_name_that_a_CA_above_may_not_certify_is_refused_by_name()
    {
        var constraints = new NameConstraints { Critical = true, Permitted = new NameSubtrees { DnsDomains = ["example.org"] } };
        using var root = Some.Root(Some.CaProfile("root") with { NameConstraints = constraints });
        using var intermediate = Some.Intermediate(root);

        var problem = Assert.Throws<PkiException>(() => Some.Leaf(intermediate, "www.example.org", "www.example.net"));

        Assert.Contains("www.example.net", problem.Message);
        Assert.NotNull(Some.Leaf(intermediate, "www.example.org"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_duration_that_is_not_positive_is_refused(int days) =>
        Assert.Throws<PkiException>(() => _ca.Root.Issue(Some.Profile("a.example"), _ca.Key.PublicKeyInfo, TimeSpan.FromDays(days), Some.Now));

    [Fact]
    public void An_expired_CA_issues_nothing() =>
        Assert.Throws<PkiException>(() => _ca.Root.Issue(Some.Profile("a.example"), _ca.Key.PublicKeyInfo, Some.Duration, Some.Now.AddYears(11)));

    [Fact]
    public void A_CA_is_not_made_with_the_key_of_another()
    {
        using var other = Some.Key();

        Assert.Throws<PkiException>(() => new CertificateAuthority(_ca.Root.Chain, other));
        Assert.Throws<PkiException>(() => new CertificateAuthority([_ca.Leaf], _ca.Key));
        Assert.Throws<PkiException>(() => new CertificateAuthority([], _ca.Key));
    }

    [Fact]
    public void A_good_CA_has_no_problem()
    {
        using var rootKey = Some.Key();
        using var root = Some.Root(key: rootKey);

        Assert.Empty(CertificateAuthority.Check(root.Chain, rootKey, Some.Now));
    }

    [Fact]
    public void Each_problem_of_a_CA_has_its_code_and_names_the_certificate()
    {
        using var key = Some.Key();
        using var other = Some.Key();
        var ca = CertificateAuthority.SelfSign(Some.CaProfile("the-ca"), key, Some.Duration, Some.Now);
        var leaf = CertificateAuthority.SelfSign(Some.Profile("a.example") with { Subject = Some.Name("the-ca") }, key, Some.Duration, Some.Now);
        using var weakKey = PrivateKey.ReadPem(Encoding.ASCII.GetBytes(Tool.Read("openssl", "genrsa", "1024")));
        var weak = CertificateAuthority.SelfSign(Some.CaProfile("the-ca"), weakKey, Some.Duration, Some.Now);

        AssertOnly(CaProblemCode.KeyMismatch, CertificateAuthority.Check([ca], other, Some.Now));
        AssertOnly(CaProblemCode.Expired, CertificateAuthority.Check([ca], key, Some.Now.AddDays(91)));
        AssertOnly(CaProblemCode.NotYetValid, CertificateAuthority.Check([ca], key, Some.Now.AddDays(-1)));
        AssertOnly(CaProblemCode.BrokenChain, CertificateAuthority.Check([ca, _ca.RootCertificate], key, Some.Now));
        AssertOnly(CaProblemCode.WeakKey, CertificateAuthority.Check([weak], weakKey, Some.Now));
        Assert.Contains(CaProblemCode.NotCa, CertificateAuthority.Check([leaf], key, Some.Now).Select(problem => problem.Code));
        Assert.Contains(CaProblemCode.LacksCertSign, CertificateAuthority.Check([leaf], key, Some.Now).Select(problem => problem.Code));
    }

    private static void AssertOnly(CaProblemCode code, IReadOnlyList<CaProblem> problems)
    {
        var problem = Assert.Single(problems);
        Assert.Equal(code, problem.Code);
        Assert.Contains("the-ca", problem.Message);
    }
}
