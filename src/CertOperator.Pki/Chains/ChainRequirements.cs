using CertOperator.Pki.Requests;

namespace CertOperator.Pki.Chains;

/// <summary>What a chain is held against.</summary>
public sealed record ChainRequirements
{
    /// <summary>The key that the leaf must be for, SubjectPublicKeyInfo in DER; empty: any.</summary>
    public ReadOnlyMemory<byte> PublicKeyInfo { get; init; }

    /// <summary>Names that the leaf must have; it may have more.</summary>
    public SubjectNames Names { get; init; } = SubjectNames.Empty;

    /// <summary>Of these names of <see cref="KeyUsageNames"/> the extended key usages must be there. CAs may choose the key usage bits.</summary>
    public IReadOnlyList<string> Usages { get; init; } = [];

    public bool IsCa { get; init; }

    /// <summary>Empty: the chain may end in any self-signed certificate, or in none; each link that is there is still verified.</summary>
    public IReadOnlyList<IssuedCertificate> Anchors { get; init; } = [];
}
