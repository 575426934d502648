using System.Formats.Asn1;

namespace CertOperator.Pki.Requests;

/// <summary>Writes one Extension after the other into an open SEQUENCE OF (RFC 5280 section 4.2).</summary>
internal static class ExtensionWriter
{
    /// <summary>What a profile asks for, in a request as in a certificate.</summary>
    /// <exception cref="PkiException">The profile contradicts itself, or a name cannot be encoded.</exception>
    public static void WriteProfile(AsnWriter writer, CertificateProfile profile)
    {
        var (usages, extended) = UsagesOf(profile);
        if (profile.IsCa)
            Write(writer, Oids.BasicConstraints, critical: true, w => WriteBasicConstraints(w, profile.PathLength));
        if (usages != KeyUsages.None)
            Write(writer, Oids.KeyUsage, critical: true, w => WriteKeyUsage(w, usages));
        if (extended.Count > 0)
            Write(writer, Oids.ExtendedKeyUsage, critical: false, w => WriteExtendedKeyUsage(w, extended));
        if (profile.Names.Count > 0)
            Write(writer, Oids.SubjectAltName, critical: profile.Subject.IsEmpty, w => GeneralNames.Write(w, profile.Names));
        if (profile.NameConstraints is { IsEmpty: false } constraints)
            Write(writer, Oids.NameConstraints, constraints.Critical, w => NameConstraintsEncoding.Write(w, constraints));
    }

    public static void Write(AsnWriter writer, string oid, bool critical, Action<AsnWriter> writeValue)
    {
        using var extension = writer.PushSequence();
        writer.WriteObjectIdentifier(oid);
        if (critical)
            writer.WriteBoolean(true);
        using var value = writer.PushOctetString();
        writeValue(writer);
    }

    private static (KeyUsages KeyUsages, IReadOnlyList<string> Extended) UsagesOf(CertificateProfile profile)
    {
        var (usages, extended) = KeyUsageNames.Parse(profile.Usages);
        if (profile is { IsCa: true, Subject.IsEmpty: true })
            throw new PkiException("A CA is asked for without a subject: set its common name (RFC 5280 section 4.1.2.6).");
        if (profile.IsCa)
            return (usages | KeyUsages.CertSign, extended);
        if (usages.HasFlag(KeyUsages.CertSign))
            throw new PkiException("The usage \"cert sign\" is asked for without isCA: only a CA may sign certificates (RFC 5280 section 4.2.1.3).");
        if (profile.NameConstraints is not null || profile.PathLength is not null)
            throw new PkiException("Name constraints or a path length are asked for without isCA: only a CA may have them (RFC 5280 section 4.2.1).");
        return (usages, extended);
    }

    private static void WriteBasicConstraints(AsnWriter writer, int? pathLength)
    {
        using var sequence = writer.PushSequence();
        writer.WriteBoolean(true);
        if (pathLength is < 0)
            throw new PkiException($"The path length {pathLength} is negative.");
        if (pathLength is { } length)
            writer.WriteInteger(length);
    }

    private static void WriteKeyUsage(AsnWriter writer, KeyUsages usages) => writer.WriteNamedBitList(usages);

    private static void WriteExtendedKeyUsage(AsnWriter writer, IReadOnlyList<string> oids)
    {
        using var sequence = writer.PushSequence();
        foreach (var oid in oids)
            writer.WriteObjectIdentifier(oid);
    }
}
