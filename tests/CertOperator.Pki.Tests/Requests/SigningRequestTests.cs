using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;
using FsCheck.Xunit;

namespace CertOperator.Pki.Tests.Requests;

public sealed class SigningRequestTests
{
    [Property(Arbitrary = [typeof(Names)])]
    public void A_request_reads_back_as_what_was_asked_for(DistinguishedName subject, SubjectNames names)
    {
        using var key = Some.Key();
        var profile = new CertificateProfile { Subject = subject, Names = names, Usages = ["digital signature", "client auth"] };

        var request = SigningRequest.Parse(SigningRequest.Create(profile, key));

        Assert.Equal(subject, request.Subject);
        Assert.True(request.Names.Covers(names) && names.Covers(request.Names));
        Assert.Equal(KeyUsages.DigitalSignature, request.KeyUsages);
        Assert.Equal(["1.3.6.1.5.5.7.3.2"], request.ExtendedKeyUsages);
        Assert.Equal(key.PublicKeyInfo, request.PublicKeyInfo.ToArray());
        Assert.Equal((KeyAlgorithm.Ecdsa, 256, false), (request.KeyAlgorithm, request.KeySize, request.IsCa));
    }

    [Fact]
    public void A_request_for_a_CA_says_so()
    {
        using var key = Some.Key();
        var constraints = new NameConstraints
        {
            Critical = true,
            Permitted = new NameSubtrees(["example.org"], ["10.0.0.0/8"], ["example.org"], ["example.org"]),
            Excluded = new NameSubtrees { IpRanges = ["2001:db8::/32"] },
        };
        var profile = Some.CaProfile("ca") with { PathLength = 2, NameConstraints = constraints };

        var request = SigningRequest.Parse(SigningRequest.Create(profile, key));

        Assert.Equal((true, 2), (request.IsCa, request.PathLength));
        Assert.Equal(KeyUsages.CertSign | KeyUsages.CrlSign, request.KeyUsages);
        Assert.True(request.NameConstraints!.Critical);
        Assert.Equal(["10.0.0.0/8"], request.NameConstraints.Permitted!.IpRanges);
        Assert.Equal(["example.org"], request.NameConstraints.Permitted.UriDomains);
        Assert.Equal(["2001:db8::/32"], request.NameConstraints.Excluded!.IpRanges);
    }

    [Fact]
    public void A_request_that_was_changed_after_it_was_signed_is_refused()
    {
        using var key = Some.Key();
        var der = SigningRequest.Create(Some.Profile("aaaa.example"), key);
        der[der.AsSpan().IndexOf("aaaa.example"u8)] = (byte)'b';

        Assert.Contains("not signed", Assert.Throws<PkiException>(() => SigningRequest.Parse(der)).Message);
    }

    [Property(MaxTest = 300)]
    public void A_request_with_an_octet_changed_is_refused_with_a_sentence(ushort position, byte change)
    {
        using var key = Some.Key();
        var der = SigningRequest.Create(Some.Profile("a.example"), key);
        der[position % der.Length] ^= (byte)(change | 1);

        Assert.EndsWith(".", Assert.Throws<PkiException>(() => SigningRequest.Parse(der)).Message);
    }

    [Fact]
    public void What_only_a_CA_may_have_is_refused_to_others()
    {
        using var key = Some.Key();

        Assert.Throws<PkiException>(() => SigningRequest.Create(new CertificateProfile { Usages = ["cert sign"] }, key));
        Assert.Throws<PkiException>(() => SigningRequest.Create(new CertificateProfile { PathLength = 0 }, key));
        Assert.Throws<PkiException>(() => SigningRequest.Create(new CertificateProfile { NameConstraints = new() }, key));
        Assert.Throws<PkiException>(() => SigningRequest.Create(Some.CaProfile("ca") with { PathLength = -1 }, key));
    }

    [Fact]
    public void A_CA_without_a_subject_is_refused()
    {
        using var key = Some.Key();

        Assert.Contains("subject", Assert.Throws<PkiException>(() => SigningRequest.Create(new CertificateProfile { IsCa = true }, key)).Message);
    }

    [Fact]
    public void A_name_constraint_that_is_no_range_is_named()
    {
        using var key = Some.Key();
        var profile = Some.CaProfile("ca") with { NameConstraints = new() { Permitted = new() { IpRanges = ["10.0.0.0/33"] } } };

        Assert.Contains("10.0.0.0/33", Assert.Throws<PkiException>(() => SigningRequest.Create(profile, key)).Message);
    }
}
