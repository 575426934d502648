using CertOperator.Pki.Keys;

namespace CertOperator.Pki.Requests;

/// <summary>What a certification request asks for; its signature by its own key was verified.</summary>
public sealed record ParsedRequest
{
    public required DistinguishedName Subject { get; init; }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public required ReadOnlyMemory<byte> PublicKeyInfo { get; init; }

    /// <summary>Null where the key is not RSA, ECDSA on P-256, P-384 or P-521, or Ed25519.</summary>
    public KeyAlgorithm? KeyAlgorithm { get; init; }

    public int KeySize { get; init; }

    public SubjectNames Names { get; init; } = SubjectNames.Empty;

    public KeyUsages KeyUsages { get; init; }

    /// <summary>OIDs.</summary>
    public IReadOnlyList<string> ExtendedKeyUsages { get; init; } = [];

    public bool IsCa { get; init; }

    public int? PathLength { get; init; }

    public NameConstraints? NameConstraints { get; init; }
}
