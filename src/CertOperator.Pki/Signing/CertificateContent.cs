using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;

namespace CertOperator.Pki.Signing;

/// <summary>All that a certificate says besides its serial number and signature.</summary>
internal sealed record CertificateContent(
    CertificateProfile Profile,
    PublicKey PublicKey,
    DistinguishedName Issuer,
    ReadOnlyMemory<byte> IssuerKeyId,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    IssuingUrls Urls);
