namespace CertOperator.Pki.Requests;

/// <summary>What a CA may certify names in (RFC 5280 section 4.2.1.10).</summary>
public sealed record NameConstraints
{
    public bool Critical { get; init; }

    public NameSubtrees? Permitted { get; init; }

    public NameSubtrees? Excluded { get; init; }

    internal bool IsEmpty => Permitted is null or { IsEmpty: true } && Excluded is null or { IsEmpty: true };
}
