using System.Formats.Asn1;
using System.Security.Cryptography;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;

namespace CertOperator.Pki;

/// <summary>
/// A certificate (RFC 5280 section 4.1): its DER and what it says. Immutable. Reading it checks its form, not its signature or its dates.
/// </summary>
public sealed class IssuedCertificate
{
    /// <summary>Longer certificates are not read.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int MaxSerialBytes = 32;
    private static readonly Asn1Tag VersionTag = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag IssuerUniqueIdTag = new(TagClass.ContextSpecific, 1);
    private static readonly Asn1Tag SubjectUniqueIdTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 3);

    private readonly SignedStructure _signed;
    private readonly PublicKey _publicKey;
    private readonly CertificateExtensions _extensions;

    // A CA signs many: what was verified once, at the price of all the rest together, stays so.
    private IssuedCertificate? _verifiedIssuer;

    private IssuedCertificate(ReadOnlyMemory<byte> der)
    {
        Der = der;
        _signed = SignedStructure.Read(der);
        var tbs = new AsnReader(_signed.Content, AsnEncodingRules.DER).ReadSequence();
        if (tbs.PeekTag().HasSameClassAndValue(VersionTag))
            tbs.ReadEncodedValue();
        SerialNumber = ReadSerialNumber(tbs);
        if (SignatureAlgorithm.Parse(tbs.ReadSequence()).Oid != _signed.Algorithm.Oid)
            throw new PkiException("The certificate names two different signature algorithms.");
        Issuer = DistinguishedName.FromDer(tbs.ReadEncodedValue());
        var validity = tbs.ReadSequence();
        (NotBefore, NotAfter) = (ReadTime(validity), ReadTime(validity));
        Subject = DistinguishedName.FromDer(tbs.ReadEncodedValue());
        _publicKey = PublicKey.Parse(tbs.ReadEncodedValue());
        _extensions = ReadExtensions(tbs);
    }

    public ReadOnlyMemory<byte> Der { get; }

    public DistinguishedName Subject { get; }

    public DistinguishedName Issuer { get; }

    /// <summary>Upper-case hexadecimal, as <c>openssl x509 -serial</c> prints it.</summary>
    public string SerialNumber { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    public SubjectNames Names => _extensions.Names;

    public bool IsCa => _extensions.IsCa;

    public int? PathLength => _extensions.PathLength;

    /// <summary>Null where the extension is absent: every usage is then allowed.</summary>
    public KeyUsages? KeyUsages => _extensions.KeyUsages;

    /// <summary>OIDs; empty where the extension is absent.</summary>
    public IReadOnlyList<string> ExtendedKeyUsages => _extensions.ExtendedKeyUsages;

    public ReadOnlyMemory<byte>? SubjectKeyId => _extensions.SubjectKeyId;

    public ReadOnlyMemory<byte>? AuthorityKeyId => _extensions.AuthorityKeyId;

    public NameConstraints? NameConstraints => _extensions.NameConstraints;

    /// <summary>Says where its issuer's certificate can be had, as those of public CAs do.</summary>
    public bool NamesIssuerSource => _extensions.NamesIssuerSource;

    /// <summary>SHA-256 of the DER, upper-case hexadecimal. Computed at each call.</summary>
    public string Fingerprint => Convert.ToHexString(SHA256.HashData(Der.Span));

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public ReadOnlyMemory<byte> PublicKeyInfo => _publicKey.Info;

    /// <summary>Null where the key is not RSA, ECDSA on P-256, P-384 or P-521, or Ed25519.</summary>
    public KeyAlgorithm? PublicKeyAlgorithm => _publicKey.Algorithm;

    /// <summary>Bits; 0 where the algorithm is not known.</summary>
    public int KeySize => _publicKey.Size;

    /// <summary>OID.</summary>
    public string SignatureAlgorithmOid => _signed.Algorithm.Oid;

    /// <summary>Signed with MD2, MD5 or SHA-1.</summary>
    public bool HasWeakSignature => _signed.Algorithm.IsWeak;

    /// <summary>Names itself as its issuer, and its own key verifies its signature.</summary>
    public bool IsSelfSigned => IsSignedBy(this);

    internal IReadOnlyList<string> UnknownCriticalExtensions => _extensions.UnknownCritical;

    /// <exception cref="PkiException">It is not one certificate in DER, or longer than <see cref="MaxBytes"/>.</exception>
    public static IssuedCertificate Parse(ReadOnlyMemory<byte> der)
    {
        if (der.Length > MaxBytes)
            throw new PkiException($"A certificate is {der.Length} bytes long: more than {MaxBytes} bytes are not read.");
        try
        {
            return new IssuedCertificate(der);
        }
        catch (AsnContentException malformed)
        {
            throw new PkiException("A certificate cannot be read: it is not valid DER of RFC 5280.", malformed);
        }
    }

    /// <summary>Whether the issuer has the name that this certificate gives and its key verifies the signature.</summary>
    public bool IsSignedBy(IssuedCertificate issuer)
    {
        if (ReferenceEquals(issuer, _verifiedIssuer))
            return true;
        if (!Issuer.Equals(issuer.Subject) || !_signed.IsSignedBy(issuer._publicKey))
            return false;
        _verifiedIssuer = issuer;
        return true;
    }

    public bool HasSameKeyAs(ReadOnlySpan<byte> publicKeyInfo) => _publicKey.Info.Span.SequenceEqual(publicKeyInfo);

    /// <summary>Subject and serial number, for messages.</summary>
    public override string ToString()
    {
        var name = Subject.IsEmpty ? Names.Canonical().Select(n => n.Written).FirstOrDefault() : Subject.ToString();
        return $"{Quote.Of(name ?? "")} (serial {SerialNumber})";
    }

    /// <summary>The identifier in the certificate, or the one that it would have got from us.</summary>
    internal ReadOnlyMemory<byte> KeyIdentifier() => SubjectKeyId ?? _publicKey.Identifier();

    private static string ReadSerialNumber(AsnReader tbs)
    {
        var octets = tbs.ReadIntegerBytes();
        if (octets.Length > MaxSerialBytes)
            throw new PkiException($"A certificate's serial number has {octets.Length} octets: more than {MaxSerialBytes} are not read.");
        return Convert.ToHexString(octets.Length > 1 && octets.Span[0] == 0 ? octets.Span[1..] : octets.Span);
    }

    private static DateTimeOffset ReadTime(AsnReader validity) =>
        validity.PeekTag().HasSameClassAndValue(Asn1Tag.UtcTime) ? validity.ReadUtcTime(twoDigitYearMax: 2049) : validity.ReadGeneralizedTime();

    private static CertificateExtensions ReadExtensions(AsnReader tbs)
    {
        while (tbs.HasData)
        {
            var tag = tbs.PeekTag();
            if (tag.HasSameClassAndValue(ExtensionsTag))
            {
                var extensions = CertificateExtensions.Read(tbs.ReadSequence(ExtensionsTag));
                tbs.ThrowIfNotEmpty();
                return extensions;
            }
            if (!tag.HasSameClassAndValue(IssuerUniqueIdTag) && !tag.HasSameClassAndValue(SubjectUniqueIdTag))
                throw new AsnContentException();
            tbs.ReadEncodedValue();
        }
        return CertificateExtensions.None;
    }
}
