using CertOperator.Pki.Chains;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;

namespace CertOperator.Secrets;

/// <summary>What a stored leaf certificate, its key and its chain say.</summary>
internal sealed record CertificateFacts
{
    public required SubjectNames Names { get; init; }

    public required DistinguishedName Subject { get; init; }

    /// <summary>Hexadecimal.</summary>
    public required string SerialNumber { get; init; }

    /// <summary>SHA-256 of the leaf, hexadecimal.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>How an ACME server is asked about it (RFC 9773 section 4.1); null if it names no authority key.</summary>
    public string? RenewalId { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    public required KeyAlgorithm KeyAlgorithm { get; init; }

    public required int KeySize { get; init; }

    public required KeyEncoding KeyEncoding { get; init; }

    /// <summary>Null: the certificate does not restrict them (RFC 5280 section 4.2.1.3).</summary>
    public required KeyUsages? KeyUsages { get; init; }

    public required IReadOnlyList<string> ExtendedKeyUsages { get; init; }

    public required bool IsCa { get; init; }

    public required bool IsSelfSigned { get; init; }

    /// <summary>SHA-256 of the certificate that signed the leaf; null if the Secret does not hold it.</summary>
    public string? CaFingerprint { get; init; }

    /// <summary>What is wrong with the key pair and the chain, apart from dates; each code once, and empty for nearly all.</summary>
    public IReadOnlyList<ChainFault> Faults { get; init; } = [];

    /// <summary>The leaf stands alone and says where its issuer is to be had, so that this is no root which clients have.</summary>
    public bool LacksIssuer { get; init; }

    /// <summary>When the first certificate of the chain ends: the leaf is of no use after it.</summary>
    public required DateTimeOffset ChainNotAfter { get; init; }
}

/// <summary>A chain problem without the certificate that it concerns, which would be kept with it.</summary>
internal sealed record ChainFault(ChainProblemCode Code, string Message);
