using System.Formats.Asn1;

namespace CertOperator.Pki.Requests;

/// <summary>What a certificate is asked to say. The subject alternative names are critical when the subject is empty.</summary>
public sealed record CertificateProfile
{
    // Half of what is read back, which leaves room for the rest of the certificate.
    private const int MaxBytes = IssuedCertificate.MaxBytes / 2;

    public DistinguishedName Subject { get; init; } = DistinguishedName.Empty;

    public SubjectNames Names { get; init; } = SubjectNames.Empty;

    /// <summary>Names of <see cref="KeyUsageNames.All"/>. A CA gets "cert sign" whether named or not.</summary>
    public IReadOnlyList<string> Usages { get; init; } = [];

    public bool IsCa { get; init; }

    /// <summary>How many further CAs may follow below this one (RFC 5280 section 4.2.1.9).</summary>
    public int? PathLength { get; init; }

    public NameConstraints? NameConstraints { get; init; }

    /// <summary>Why no certificate can say this, in one sentence; null if one can.</summary>
    public string? Problem()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        try
        {
            ExtensionWriter.WriteProfile(writer, this);
        }
        catch (PkiException impossible)
        {
            return impossible.Message;
        }
        var bytes = writer.GetEncodedLength() + Subject.Der.Length;
        return bytes <= MaxBytes
            ? null
            : $"What the certificate is asked to say takes {bytes} bytes: at most {MaxBytes} are possible, so ask for fewer or shorter names.";
    }
}
