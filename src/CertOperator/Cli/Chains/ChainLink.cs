using CertOperator.Pki;
using CertOperator.Pki.Keys;

namespace CertOperator.Cli.Chains;

/// <summary>One certificate of a chain as people are told of it.</summary>
internal sealed record ChainLink
{
    public required string Subject { get; init; }

    public required string Issuer { get; init; }

    public required IReadOnlyList<string> Names { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public required string Key { get; init; }

    public required string Signature { get; init; }

    public required string SerialNumber { get; init; }

    /// <summary>SHA-256, hexadecimal.</summary>
    public required string Fingerprint { get; init; }

    public required bool IsCa { get; init; }

    public required bool IsSelfSigned { get; init; }

    public static ChainLink Of(IssuedCertificate certificate) => new()
    {
        Subject = certificate.Subject.ToString(),
        Issuer = certificate.Issuer.ToString(),
        Names =
        [
            .. certificate.Names.DnsNames, .. certificate.Names.IpAddresses, .. certificate.Names.Uris,
            .. certificate.Names.EmailAddresses, .. certificate.Names.OtherNames.Select(other => other.Value),
        ],
        NotBefore = certificate.NotBefore,
        NotAfter = certificate.NotAfter,
        Key = KeyText(certificate.PublicKeyAlgorithm, certificate.KeySize),
        Signature = SignatureText(certificate.SignatureAlgorithmOid),
        SerialNumber = certificate.SerialNumber,
        Fingerprint = certificate.Fingerprint,
        IsCa = certificate.IsCa,
        IsSelfSigned = certificate.IsSelfSigned,
    };

    public static string KeyText(KeyAlgorithm? algorithm, int size) => algorithm switch
    {
        KeyAlgorithm.Rsa => $"RSA {size}",
        KeyAlgorithm.Ecdsa => $"ECDSA P-{size}",
        KeyAlgorithm.Ed25519 => "Ed25519",
        _ => "of an unknown kind",
    };

    private static string SignatureText(string oid) => oid switch
    {
        "1.2.840.113549.1.1.4" => "RSA with MD5",
        "1.2.840.113549.1.1.5" => "RSA with SHA-1",
        "1.2.840.113549.1.1.10" => "RSA-PSS",
        "1.2.840.113549.1.1.11" => "RSA with SHA-256",
        "1.2.840.113549.1.1.12" => "RSA with SHA-384",
        "1.2.840.113549.1.1.13" => "RSA with SHA-512",
        "1.2.840.10045.4.1" => "ECDSA with SHA-1",
        "1.2.840.10045.4.3.2" => "ECDSA with SHA-256",
        "1.2.840.10045.4.3.3" => "ECDSA with SHA-384",
        "1.2.840.10045.4.3.4" => "ECDSA with SHA-512",
        "1.3.101.112" => "Ed25519",
        _ => oid,
    };
}
