using System.Text;
using CertOperator.Pki.Chains;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;
using CertOperator.Pki.Signing;
using CertOperator.Pki.Tests.Signing;

namespace CertOperator.Pki.Tests.Chains;

public sealed class ChainValidatorTests : IDisposable
{
    private readonly AuthorityFixture _ca = new();

    private ChainRequirements Requirements => new()
    {
        PublicKeyInfo = _ca.Key.PublicKeyInfo,
        Names = new SubjectNames { DnsNames = ["example.org"] },
        Usages = ["digital signature", "key encipherment", "server auth"],
        Anchors = [_ca.RootCertificate],
    };

    private IssuedCertificate[] Chain => [_ca.Leaf, _ca.IntermediateCertificate];

    public void Dispose() => _ca.Dispose();

    [Fact]
    public void A_good_chain_has_no_problem()
    {
        Assert.Empty(ChainValidator.Validate(Chain, Requirements, Some.Now));
        Assert.Empty(ChainValidator.Validate(Chain, Requirements with { Anchors = [] }, Some.Now));
        Assert.Empty(ChainValidator.Validate(Chain, Requirements with { Anchors = [_ca.IntermediateCertificate] }, Some.Now));
    }

    [Fact]
    public void A_self_signed_certificate_is_valid_as_its_own_anchor()
    {
        var certificate = CertificateAuthority.SelfSign(
            Some.Profile("example.org") with { Subject = Some.Name("self") }, _ca.Key, Some.Duration, Some.Now);

        Assert.Empty(ChainValidator.Validate([certificate], Requirements with { Anchors = [] }, Some.Now));
        Assert.Empty(ChainValidator.Validate([certificate], Requirements with { Anchors = [certificate] }, Some.Now));
        AssertOnly(ChainProblemCode.UntrustedAnchor, certificate, ChainValidator.Validate([certificate], Requirements, Some.Now));
    }

    [Fact]
    public void Another_key_is_told()
    {
        using var other = Some.Key();

        AssertOnly(ChainProblemCode.KeyMismatch, _ca.Leaf, Validate(Requirements with { PublicKeyInfo = other.PublicKeyInfo }));
    }

    [Fact]
    public void Each_missing_name_is_told()
    {
        var problems = Validate(Requirements with { Names = new SubjectNames { DnsNames = ["example.org", "a.example"], IpAddresses = ["192.0.2.1"] } });

        Assert.All(problems, problem => Assert.Equal(ChainProblemCode.MissingName, problem.Code));
        Assert.Equal(2, problems.Count);
        Assert.Contains("a.example", problems[0].Message);
        Assert.Contains("192.0.2.1", problems[1].Message);
    }

    [Fact]
    public void A_missing_usage_is_told_by_its_name()
    {
        var problem = AssertOnly(ChainProblemCode.WrongUsage, _ca.Leaf, Validate(Requirements with { Usages = ["server auth", "client auth"] }));

        Assert.Contains("\"client auth\"", problem.Message);
    }

    [Fact]
    public void A_CA_where_none_was_asked_for_is_told_and_the_reverse()
    {
        AssertOnly(ChainProblemCode.WrongUsage, _ca.Leaf, Validate(Requirements with { IsCa = true }));
        AssertOnly(
            ChainProblemCode.WrongUsage,
            _ca.IntermediateCertificate,
            ChainValidator.Validate([_ca.IntermediateCertificate], new ChainRequirements(), Some.Now));
    }

    [Fact]
    public void A_CA_bounds_the_usages_below_it()
    {
        using var clientCa = Some.Intermediate(_ca.Root, Some.CaProfile("clients") with { Usages = ["client auth"] });
        var leaf = clientCa.Issue(Some.Profile("example.org"), _ca.Key.PublicKeyInfo, Some.Duration, Some.Now);

        AssertOnly(ChainProblemCode.WrongUsage, clientCa.Chain[0], ChainValidator.Validate([leaf, clientCa.Chain[0]], Requirements, Some.Now));
    }

    [Fact]
    public void Dates_are_told_of_each_certificate()
    {
        AssertOnly(ChainProblemCode.Expired, _ca.Leaf, ChainValidator.Validate(Chain, Requirements, _ca.Leaf.NotAfter.AddSeconds(1)));
        Assert.Empty(ChainValidator.Validate(Chain, Requirements, _ca.Leaf.NotAfter));
        Assert.Empty(ChainValidator.Validate(Chain, Requirements, _ca.Leaf.NotBefore));
        var early = ChainValidator.Validate(Chain, Requirements, _ca.Leaf.NotBefore.AddSeconds(-1));
        Assert.Equal([_ca.Leaf, _ca.IntermediateCertificate, _ca.RootCertificate], early.Select(problem => problem.Certificate));
        Assert.All(early, problem => Assert.Equal(ChainProblemCode.NotYetValid, problem.Code));
    }

    [Fact]
    public void An_issuer_that_is_no_CA_is_told()
    {
        var impostor = Below(_ca.Leaf, _ca.Key, Some.Profile("example.org"));

        AssertOnly(
            ChainProblemCode.IssuerNotCa,
            _ca.Leaf,
            ChainValidator.Validate([impostor, .. Chain], Requirements with { PublicKeyInfo = default }, Some.Now));
    }

    [Fact]
    public void A_path_that_is_too_long_is_told()
    {
        using var shortKey = Some.Key();
        using var root = Some.Root(Some.CaProfile("root"));
        var shortCa = root.Issue(Some.CaProfile("short") with { PathLength = 0 }, shortKey.PublicKeyInfo, Some.Duration, Some.Now);
        using var deepKey = Some.Key();
        var deepCa = Below(shortCa, shortKey, Some.CaProfile("deep"), deepKey);
        var leaf = Below(deepCa, deepKey, Some.Profile("example.org"), _ca.Key);

        AssertOnly(
            ChainProblemCode.PathLengthExceeded,
            shortCa,
            ChainValidator.Validate([leaf, deepCa, shortCa], Requirements with { Anchors = root.Chain }, Some.Now));
    }

    [Fact]
    public void Certificates_in_another_order_are_told()
    {
        using var below = Some.Intermediate(_ca.Intermediate, Some.CaProfile("below"));
        var leaf = below.Issue(Some.Profile("example.org"), _ca.Key.PublicKeyInfo, Some.Duration, Some.Now);

        var problems = ChainValidator.Validate([leaf, _ca.IntermediateCertificate, below.Chain[0]], Requirements with { Anchors = [] }, Some.Now);

        Assert.Contains(problems, problem => problem.Code == ChainProblemCode.OutOfOrder && problem.Certificate == leaf);
    }

    [Fact]
    public void A_signature_by_a_namesake_is_told()
    {
        using var namesake = Some.Intermediate(_ca.Root);

        AssertOnly(ChainProblemCode.BadSignature, _ca.Leaf, ChainValidator.Validate([_ca.Leaf, namesake.Chain[0]], Requirements, Some.Now));
    }

    [Fact]
    public void A_chain_that_ends_too_early_is_told()
    {
        AssertOnly(ChainProblemCode.IncompleteChain, _ca.Leaf, ChainValidator.Validate([_ca.Leaf], Requirements, Some.Now));
        Assert.Empty(ChainValidator.Validate([_ca.Leaf], Requirements with { Anchors = [] }, Some.Now));
    }

    [Fact]
    public void A_certificate_of_another_chain_in_between_is_told()
    {
        using var stranger = Some.Root(Some.CaProfile("stranger"));

        AssertOnly(
            ChainProblemCode.IncompleteChain,
            _ca.Leaf,
            ChainValidator.Validate([_ca.Leaf, Some.Intermediate(stranger, Some.CaProfile("x")).Chain[0]], Requirements with { Anchors = stranger.Chain }, Some.Now));
    }

    [Fact]
    public void A_root_in_the_chain_is_told()
    {
        AssertOnly(ChainProblemCode.CarriesRoot, _ca.RootCertificate, ChainValidator.Validate([.. Chain, _ca.RootCertificate], Requirements, Some.Now));
        using var other = Some.Root(Some.CaProfile("other"));
        Assert.Equal(
            [ChainProblemCode.CarriesRoot, ChainProblemCode.UntrustedAnchor],
            ChainValidator.Validate([.. Chain, _ca.RootCertificate], Requirements with { Anchors = other.Chain }, Some.Now).Select(problem => problem.Code));
    }

    [Theory]
    [InlineData("www.example.org", true)]
    [InlineData("example.org", true)]
    [InlineData("*.example.org", true)]
    [InlineData("badexample.org", false)]
    [InlineData("example.org.evil.test", false)]
    [InlineData("secret.example.org", false)]
    [InlineData("192.0.2.200", true)]
    [InlineData("192.0.3.1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("ops@example.org", true)]
    [InlineData("ops@www.example.org", false)]
    [InlineData("spiffe://a.example.org/x", true)]
    [InlineData("spiffe://example.org/x", false)]
    public void Names_are_held_to_the_constraints_above_them(string name, bool isPermitted)
    {
        var constraints = new NameConstraints
        {
            Critical = true,
            Permitted = new NameSubtrees(["example.org"], ["192.0.2.0/24"], ["example.org"], [".example.org"]),
            Excluded = new NameSubtrees { DnsDomains = ["secret.example.org"] },
        };
        using var rootKey = Some.Key();
        using var root = Some.Root(Some.CaProfile("root") with { NameConstraints = constraints }, rootKey);
        var names = name switch
        {
            _ when name.Contains("//") => new SubjectNames { Uris = [name] },
            _ when name.Contains('@') => new SubjectNames { EmailAddresses = [name] },
            _ when name.Contains(':') || char.IsDigit(name[0]) => new SubjectNames { IpAddresses = [name] },
            _ => new SubjectNames { DnsNames = [name] },
        };
        var leaf = Below(root.Chain[0], rootKey, Some.Profile() with { Names = names });

        var problems = ChainValidator.Validate([leaf], new ChainRequirements { Anchors = root.Chain }, Some.Now);

        if (isPermitted)
            Assert.Empty(problems);
        else
            Assert.Contains($"\"{name}\"", AssertOnly(ChainProblemCode.NameConstraintViolated, leaf, problems).Message);
    }

    [Fact]
    public void A_weak_key_is_told()
    {
        using var weak = PrivateKey.ReadPem(Encoding.ASCII.GetBytes(Tool.Read("openssl", "genrsa", "1024")));
        var leaf = _ca.Root.Issue(Some.Profile("example.org"), weak.PublicKeyInfo, Some.Duration, Some.Now);

        AssertOnly(ChainProblemCode.WeakKey, leaf, ChainValidator.Validate([leaf], Requirements with { PublicKeyInfo = default }, Some.Now));
    }

    [Fact]
    public void A_weak_signature_is_told()
    {
        using var folder = new TemporaryFolder();
        using var rootKey = Some.Key();
        using var root = Some.Root(key: rootKey);
        var leaf = Assert.Single(Pem.ReadCertificates(Encoding.ASCII.GetBytes(Tool.Read(
            "openssl", "x509", "-req", "-sha1", "-days", "3650", "-in", folder.Write("request.der", SigningRequest.Create(Some.Profile("a.example"), _ca.Key)),
            "-inform", "DER", "-CA", folder.Write("ca.pem", Pem.Write(root.Chain)), "-CAkey", folder.Write("ca.key", rootKey.ToPem(KeyEncoding.Pkcs8))))));

        var problems = ChainValidator.Validate([leaf], new ChainRequirements { Anchors = root.Chain }, leaf.NotBefore.AddDays(1));

        Assert.Equal((ChainProblemCode.WeakSignature, leaf), (problems[0].Code, problems[0].Certificate));
    }

    [Fact]
    public void A_critical_extension_that_is_not_understood_is_told()
    {
        using var folder = new TemporaryFolder();
        using var key = Some.Key();
        var leaf = Assert.Single(Pem.ReadCertificates(Encoding.ASCII.GetBytes(Tool.Read(
            "openssl", "req", "-x509", "-key", folder.Write("key.pem", key.ToPem(KeyEncoding.Pkcs8)), "-subj", "/CN=a",
            "-addext", "1.2.3.4=critical,DER:0500", "-addext", "basicConstraints=CA:FALSE"))));

        var problems = ChainValidator.Validate([leaf], new ChainRequirements(), leaf.NotBefore.AddDays(1));

        Assert.Contains("1.2.3.4", Assert.Single(problems, problem => problem.Code == ChainProblemCode.UnknownCriticalExtension).Message);
    }

    [Fact]
    public void All_problems_are_told_at_once_those_of_the_leaf_first()
    {
        using var other = Some.Key();

        var problems = ChainValidator.Validate(
            [_ca.Leaf],
            Requirements with { PublicKeyInfo = other.PublicKeyInfo, Names = new SubjectNames { DnsNames = ["a.example"] } },
            Some.Now.AddYears(20));

        Assert.Equal(
            [ChainProblemCode.KeyMismatch, ChainProblemCode.MissingName, ChainProblemCode.Expired, ChainProblemCode.IncompleteChain],
            problems.Select(problem => problem.Code));
    }

    [Fact]
    public void No_certificates_or_too_many_are_refused()
    {
        Assert.Throws<PkiException>(() => ChainValidator.Validate([], Requirements, Some.Now));
        Assert.Throws<PkiException>(() => ChainValidator.Validate([.. Enumerable.Repeat(_ca.Leaf, 21)], Requirements, Some.Now));
    }

    private IReadOnlyList<ChainProblem> Validate(ChainRequirements requirements) => ChainValidator.Validate(Chain, requirements, Some.Now);

    // What our own CertificateAuthority refuses to issue.
    private IssuedCertificate Below(IssuedCertificate issuer, PrivateKey issuerKey, CertificateProfile profile, PrivateKey? key = null) =>
        CertificateWriter.Write(
            new CertificateContent(
                profile, PublicKey.Parse((key ?? _ca.Key).PublicKeyInfo), issuer.Subject, issuer.SubjectKeyId!.Value, Some.Now, Some.Now.AddDays(30), IssuingUrls.None),
            issuerKey);

    private static ChainProblem AssertOnly(ChainProblemCode code, IssuedCertificate certificate, IReadOnlyList<ChainProblem> problems)
    {
        var problem = Assert.Single(problems);
        Assert.Equal(code, problem.Code);
        Assert.Same(certificate, problem.Certificate);
        Assert.Contains(certificate.SerialNumber, code == ChainProblemCode.NameConstraintViolated ? certificate.SerialNumber : problem.Message);
        Assert.EndsWith(".", problem.Message);
        return problem;
    }
}
