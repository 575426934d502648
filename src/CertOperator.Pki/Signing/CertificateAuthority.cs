using CertOperator.Pki.Chains;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;

namespace CertOperator.Pki.Signing;

/// <summary>
/// Issues certificates under a CA certificate, on several threads if need be. It owns the key, and disposes of it. The caller runs <see cref="Check"/> first: issuing itself
/// refuses only what could never be valid.
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    // Clocks of relying parties lag; but a certificate that lives for a minute must not lie mostly in the past.
    private static readonly TimeSpan MostBackDating = TimeSpan.FromMinutes(5);
    private const int BackDatingShare = 12;
    private static readonly DateTimeOffset EndOfTime = new(9999, 12, 31, 23, 59, 59, TimeSpan.Zero);

    private readonly IssuedCertificate _certificate;
    private readonly PrivateKey _key;

    /// <param name="chain">The CA certificate first, then its own issuers.</param>
    /// <param name="key">The CA certificate's key.</param>
    /// <exception cref="PkiException">There is no certificate, it is not a CA, or the key is another's.</exception>
    public CertificateAuthority(IReadOnlyList<IssuedCertificate> chain, PrivateKey key)
    {
        if (chain.Count == 0)
            throw new PkiException("The CA has no certificate.");
        var fatal = CaCheck.Problems(chain, key, chain[0].NotBefore)
            .FirstOrDefault(problem => problem.Code is CaProblemCode.KeyMismatch or CaProblemCode.NotCa or CaProblemCode.LacksCertSign);
        if (fatal is not null)
            throw new PkiException(fatal.Message);
        Chain = [.. chain];
        _certificate = chain[0];
        _key = key;
    }

    /// <summary>The CA certificate first, then its own issuers.</summary>
    public IReadOnlyList<IssuedCertificate> Chain { get; }

    /// <summary>Why the CA cannot issue now; empty when it can.</summary>
    /// <exception cref="PkiException">The chain is empty.</exception>
    public static IReadOnlyList<CaProblem> Check(IReadOnlyList<IssuedCertificate> chain, PrivateKey key, DateTimeOffset now) =>
        chain.Count > 0 ? [.. CaCheck.Problems(chain, key, now)] : throw new PkiException("The CA has no certificate.");

    /// <summary>
    /// Valid until now + duration, but not beyond the CA, and from a twelfth of that before <paramref name="now"/>, five minutes at most, but
    /// not from before the CA.
    /// </summary>
    /// <exception cref="PkiException">The CA may not say this, or not at this time, or the profile or the key cannot be encoded.</exception>
    public IssuedCertificate Issue(
        CertificateProfile profile, ReadOnlySpan<byte> publicKeyInfo, TimeSpan duration, DateTimeOffset now, IssuingUrls? urls = null)
    {
        if (now > _certificate.NotAfter || now < _certificate.NotBefore)
            throw new PkiException($"The CA certificate {_certificate} is valid only from {_certificate.NotBefore:u} to {_certificate.NotAfter:u}.");
        if (profile.IsCa && _certificate.PathLength is { } length && (length == 0 || profile.PathLength >= length))
            throw new PkiException($"The CA certificate {_certificate} allows {length} CAs below it: the one asked for is too many or allows too many.");
        if (Chain.SelectMany(ca => NameConstraintCheck.Violations(ca, profile.Names)).FirstOrDefault() is { } violation)
            throw new PkiException(violation);
        var end = End(now, duration);
        var notAfter = end < _certificate.NotAfter ? end : _certificate.NotAfter;
        return CertificateWriter.Write(
            new CertificateContent(
                profile,
                PublicKey.Parse(publicKeyInfo.ToArray()),
                _certificate.Subject,
                _certificate.KeyIdentifier(),
                Later(Start(now, notAfter), _certificate.NotBefore),
                notAfter,
                urls ?? IssuingUrls.None),
            _key);
    }

    /// <summary>
    /// Valid until now + duration, and from a twelfth of it before <paramref name="now"/>, five minutes at most. Without a subject it has no issuer's name either, which
    /// RFC 5280 section 4.1.2.4 wants, so that strict clients refuse it.
    /// </summary>
    /// <exception cref="PkiException">The profile cannot be encoded, or the duration is not positive.</exception>
    public static IssuedCertificate SelfSign(
        CertificateProfile profile, PrivateKey key, TimeSpan duration, DateTimeOffset now, IssuingUrls? urls = null)
    {
        var publicKey = PublicKey.Parse(key.PublicKeyInfo);
        var notAfter = End(now, duration);
        return CertificateWriter.Write(
            new CertificateContent(
                profile, publicKey, profile.Subject, publicKey.Identifier(), Start(now, notAfter), notAfter, urls ?? IssuingUrls.None),
            key);
    }

    public void Dispose() => _key.Dispose();

    private static DateTimeOffset End(DateTimeOffset now, TimeSpan duration)
    {
        if (duration <= TimeSpan.Zero)
            throw new PkiException($"A certificate cannot be valid for {duration}: the duration must be positive.");
        return duration < EndOfTime - now ? now + duration : EndOfTime;
    }

    private static DateTimeOffset Start(DateTimeOffset now, DateTimeOffset notAfter)
    {
        var share = (notAfter - now) / BackDatingShare;
        return now - (share < MostBackDating ? share : MostBackDating);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
