namespace CertOperator.Pki.Requests;

/// <summary>What a certificate is asked to say. The subject alternative names are critical when the subject is empty.</summary>
public sealed record CertificateProfile
{
    public DistinguishedName Subject { get; init; } = DistinguishedName.Empty;

    public SubjectNames Names { get; init; } = SubjectNames.Empty;

    /// <summary>Names of <see cref="KeyUsageNames.All"/>. A CA gets "cert sign" whether named or not.</summary>
    public IReadOnlyList<string> Usages { get; init; } = [];

    public bool IsCa { get; init; }

    /// <summary>How many further CAs may follow below this one (RFC 5280 section 4.2.1.9).</summary>
    public int? PathLength { get; init; }

    public NameConstraints? NameConstraints { get; init; }
}
