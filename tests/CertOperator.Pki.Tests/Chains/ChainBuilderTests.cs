using CertOperator.Pki.Chains;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Signing;
using CertOperator.Pki.Tests.Signing;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace CertOperator.Pki.Tests.Chains;

public sealed class ChainBuilderTests : IDisposable
{
    private static readonly IReadOnlyList<IssuedCertificate> Ladder = MakeLadder();

    private readonly AuthorityFixture _ca = new();

    public void Dispose() => _ca.Dispose();

    public static Arbitrary<IssuedCertificate[]> Shuffled() => Arb.From(
        from repeats in Gen.ArrayOf(Gen.Elements<IssuedCertificate>(Ladder))
        from shuffled in Gen.Shuffle<IssuedCertificate>([.. Ladder, .. repeats.Take(10)])
        select shuffled);

    [Property(Arbitrary = [typeof(ChainBuilderTests)])]
    public void Any_order_with_any_duplicates_gives_the_one_chain(IssuedCertificate[] certificates)
    {
        var chain = ChainBuilder.Build(certificates);

        Assert.Equal(Ladder.SkipLast(1).Select(c => c.Fingerprint), chain.Certificates.Select(c => c.Fingerprint));
        Assert.Equal(Ladder[^1].Fingerprint, chain.Anchor!.Fingerprint);
        Assert.Empty(ChainValidator.Validate(chain.Certificates, new ChainRequirements { Anchors = [chain.Anchor] }, Some.Now));
    }

    [Fact]
    public void The_root_is_the_anchor_and_is_not_written()
    {
        var chain = ChainBuilder.Build([_ca.RootCertificate, _ca.Leaf, _ca.IntermediateCertificate]);

        Assert.Same(_ca.Leaf, chain.Leaf);
        Assert.Same(_ca.RootCertificate, chain.Anchor);
        Assert.Equal(
            [_ca.Leaf.Fingerprint, _ca.IntermediateCertificate.Fingerprint],
            Pem.ReadCertificates(chain.ToPem()).Select(certificate => certificate.Fingerprint));
    }

    [Fact]
    public void The_anchor_is_found_among_those_given()
    {
        using var namesake = Some.Root();

        var chain = ChainBuilder.Build([_ca.Leaf, _ca.IntermediateCertificate], [namesake.Chain[0], _ca.RootCertificate]);

        Assert.Same(_ca.RootCertificate, chain.Anchor);
        Assert.Equal([_ca.IntermediateCertificate], chain.Intermediates);
    }

    [Fact]
    public void An_intermediate_may_be_the_anchor()
    {
        var chain = ChainBuilder.Build([_ca.Leaf, _ca.IntermediateCertificate, _ca.RootCertificate], [_ca.IntermediateCertificate]);

        Assert.Same(_ca.IntermediateCertificate, chain.Anchor);
        Assert.Empty(chain.Intermediates);
    }

    [Fact]
    public void A_root_that_is_not_trusted_is_left_out_all_the_same()
    {
        using var other = Some.Root();

        var chain = ChainBuilder.Build([_ca.Leaf, _ca.IntermediateCertificate, _ca.RootCertificate], other.Chain);

        Assert.Null(chain.Anchor);
        Assert.Equal([_ca.Leaf, _ca.IntermediateCertificate], chain.Certificates);
    }

    [Fact]
    public void A_self_signed_certificate_is_its_own_chain()
    {
        var chain = ChainBuilder.Build([_ca.RootCertificate]);

        Assert.Equal([_ca.RootCertificate], chain.Certificates);
        Assert.Same(_ca.RootCertificate, chain.Anchor);
    }

    [Fact]
    public void The_way_that_ends_at_an_anchor_is_taken_among_cross_signatures()
    {
        using var newRootKey = Some.Key();
        using var oldRoot = Some.Root(Some.CaProfile("old root"));
        using var newRoot = Some.Root(Some.CaProfile("new root"), newRootKey);
        var crossSigned = oldRoot.Issue(Some.CaProfile("new root"), newRootKey.PublicKeyInfo, Some.Duration, Some.Now);
        var leaf = Some.Leaf(newRoot, "a.example");

        Assert.Equal([leaf, crossSigned], ChainBuilder.Build([leaf, crossSigned], oldRoot.Chain).Certificates);
        Assert.Equal([leaf], ChainBuilder.Build([crossSigned, leaf], newRoot.Chain).Certificates);
    }

    [Fact]
    public void CAs_that_sign_each_other_do_not_hold_it_up()
    {
        using var oneKey = Some.Key();
        using var otherKey = Some.Key();
        using var one = Some.Root(Some.CaProfile("one"), oneKey);
        using var other = Some.Root(Some.CaProfile("other"), otherKey);
        var oneByOther = other.Issue(Some.CaProfile("one"), oneKey.PublicKeyInfo, Some.Duration, Some.Now);
        var otherByOne = one.Issue(Some.CaProfile("other"), otherKey.PublicKeyInfo, Some.Duration, Some.Now);
        var leaf = Some.Leaf(one, "a.example");

        var chain = ChainBuilder.Build([leaf, oneByOther, otherByOne]);

        Assert.Equal([leaf, oneByOther, otherByOne], chain.Certificates);
        Assert.Null(chain.Anchor);
        Assert.Throws<PkiException>(() => ChainBuilder.Build([oneByOther, otherByOne]));
    }

    [Fact]
    public void The_leaf_is_the_certificate_of_the_key()
    {
        var other = Some.Leaf(_ca.Intermediate, "other.example");
        IssuedCertificate[] certificates = [other, _ca.IntermediateCertificate, _ca.Leaf];

        Assert.Same(_ca.Leaf, ChainBuilder.Build(certificates, null, _ca.Key.PublicKeyInfo).Leaf);
        Assert.Contains("2 leaves", Assert.Throws<PkiException>(() => ChainBuilder.Build(certificates)).Message);
        using var stranger = Some.Key();
        Assert.Throws<PkiException>(() => ChainBuilder.Build(certificates, null, stranger.PublicKeyInfo));
    }

    [Fact]
    public void No_certificates_or_too_many_are_refused()
    {
        Assert.Throws<PkiException>(() => ChainBuilder.Build([]));
        Assert.Throws<PkiException>(() => ChainBuilder.Build([.. Enumerable.Repeat(_ca.Leaf, 21)]));
    }

    // Leaf, four intermediates, root.
    private static List<IssuedCertificate> MakeLadder()
    {
        var authorities = new List<CertificateAuthority> { Some.Root() };
        for (var i = 1; i <= 4; i++)
            authorities.Add(Some.Intermediate(authorities[^1], Some.CaProfile($"intermediate {i}")));
        var leaf = Some.Leaf(authorities[^1], "example.org");
        List<IssuedCertificate> ladder = [leaf, .. authorities[^1].Chain];
        foreach (var authority in authorities)
            authority.Dispose();
        return ladder;
    }
}
