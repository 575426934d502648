using CertOperator.Pki;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;

namespace CertOperator.Api;

/// <summary>
/// The rules of a Certificate's spec. An API server without CEL drops the same rules of the CRD, so they hold here too;
/// each broken one is a sentence that names the field, the value and the mend.
/// </summary>
internal static class CertificateRules
{
    public static readonly TimeSpan DefaultDuration = TimeSpan.FromDays(90);

    /// <summary>Shorter ones cannot be renewed reliably.</summary>
    public static readonly TimeSpan MinDuration = TimeSpan.FromMinutes(1);

    public static (KeyAlgorithm Algorithm, int Size) ReadKey(PrivateKeySpec? key, List<string> problems)
    {
        KeyAlgorithm algorithm = key?.Algorithm switch
        {
            null or "ECDSA" => KeyAlgorithm.Ecdsa,
            "RSA" => KeyAlgorithm.Rsa,
            "Ed25519" => KeyAlgorithm.Ed25519,
            var other => Unknown(other),
        };
        if (key?.Encoding is not (null or "PKCS1" or "PKCS8"))
            problems.Add($"privateKey.encoding \"{Shown(key?.Encoding)}\" is unknown: use PKCS8 or PKCS1.");
        if (key?.RotationPolicy is not (null or "Always" or "Never"))
            problems.Add($"privateKey.rotationPolicy \"{Shown(key?.RotationPolicy)}\" is unknown: use Always or Never.");

        int size = key?.Size ?? (algorithm == KeyAlgorithm.Rsa ? 2048 : 256);
        if (algorithm == KeyAlgorithm.Rsa && size is < 2048 or > 8192)
            problems.Add(Sentences.With(Sentences.RsaSize, "size", size));
        if (algorithm == KeyAlgorithm.Ecdsa && size is not (256 or 384 or 521))
            problems.Add(Sentences.With(Sentences.EcdsaSize, "size", size));
        return (algorithm, size);

        KeyAlgorithm Unknown(string name)
        {
            problems.Add($"privateKey.algorithm \"{Shown(name)}\" is unknown: use ECDSA, RSA or Ed25519.");
            return KeyAlgorithm.Ecdsa;
        }
    }

    public static TimeSpan ReadDuration(CertificateSpec spec, List<string> problems)
    {
        if (spec.Duration is null)
            return DefaultDuration;
        if (!GoDuration.TryParse(spec.Duration, out TimeSpan duration))
            problems.Add($"duration \"{Shown(spec.Duration)}\" cannot be read: write hours, minutes and seconds, for example 2160h or 1h30m.");
        else if (duration < MinDuration)
            problems.Add($"duration {spec.Duration} is too short: the least is {GoDuration.Format(MinDuration)}.");
        else
            return duration;
        return DefaultDuration;
    }

    public static TimeSpan? ReadRenewBefore(CertificateSpec spec, TimeSpan duration, List<string> problems)
    {
        if (spec.RenewBefore is not null && spec.RenewBeforePercentage is not null)
            problems.Add(Sentences.RenewBeforeTwice);
        if (spec.RenewBeforePercentage is < 1 or > 99)
            problems.Add(Sentences.With(Sentences.Percentage, "renewBeforePercentage", spec.RenewBeforePercentage));
        if (spec.RenewBefore is null)
            return null;

        if (!GoDuration.TryParse(spec.RenewBefore, out TimeSpan renewBefore))
            problems.Add($"renewBefore \"{Shown(spec.RenewBefore)}\" cannot be read: write hours, minutes and seconds, for example 720h.");
        else if (renewBefore >= duration)
            problems.Add(Sentences.With(Sentences.With(Sentences.RenewedForEver, "renewBefore", spec.RenewBefore), "duration", GoDuration.Format(duration)));
        return renewBefore;
    }

    public static IReadOnlyList<string> ReadUsages(CertificateSpec spec, KeyAlgorithm algorithm, List<string> problems)
    {
        foreach (string usage in spec.Usages ?? [])
        {
            if (!KeyUsageNames.All.Contains(usage))
                problems.Add($"usage \"{Shown(usage)}\" is unknown: use one of {string.Join(", ", KeyUsageNames.All)}.");
        }

        if (spec.Usages is { Count: > 0 } asked)
            return asked;
        if (spec.IsCA == true)
            return ["digital signature", "cert sign", "crl sign"];
        return algorithm == KeyAlgorithm.Rsa
            ? ["digital signature", "key encipherment", "server auth"]
            : ["digital signature", "server auth"];
    }

    public static DistinguishedName? ReadSubject(CertificateSpec spec, List<string> problems)
    {
        if (spec.LiteralSubject is not null && (spec.CommonName is not null || spec.Subject is not null))
        {
            problems.Add(Sentences.LiteralSubject);
            return null;
        }

        try
        {
            return spec.LiteralSubject is { } literal
                ? DistinguishedName.Parse(literal)
                : DistinguishedName.FromParts(spec.CommonName, Parts(spec.Subject));
        }
        catch (PkiException refused)
        {
            problems.Add(refused.Message);
            return null;
        }
    }

    public static SubjectNames ReadNames(CertificateSpec spec, DistinguishedName? subject, List<string> problems)
    {
        var names = new SubjectNames(
            spec.DnsNames ?? [],
            spec.IpAddresses ?? [],
            spec.Uris ?? [],
            spec.EmailAddresses ?? [],
            [.. (spec.OtherNames ?? []).Select(other => new OtherName(other.Oid, other.Utf8Value))]);
        problems.AddRange(NameRules.Check(names, subject?.CommonName ?? spec.CommonName));
        return names;
    }

    public static NameConstraints? ReadNameConstraints(CertificateSpec spec, List<string> problems)
    {
        if (spec.NameConstraints is not { } constraints || SaysNothing(constraints))
            return null;
        if (spec.IsCA != true)
            problems.Add(Sentences.ConstrainedLeaf);
        if (SaysNothing(constraints.Permitted) && SaysNothing(constraints.Excluded))
            problems.Add("nameConstraints are empty: give permitted or excluded.");
        return new NameConstraints
        {
            Critical = constraints.Critical == true,
            Permitted = Subtrees(constraints.Permitted),
            Excluded = Subtrees(constraints.Excluded),
        };
    }

    /// <summary>Without content: it says what an absent one says.</summary>
    public static bool SaysNothing(NameConstraintsSpec? constraints)
        => constraints is null || (constraints.Critical is null && SaysNothing(constraints.Permitted) && SaysNothing(constraints.Excluded));

    public static void CheckOutputs(CertificateSpec spec, List<string> problems)
    {
        if (spec.Keystores?.Jks is { Create: true } jks)
            CheckPassword(Sentences.JksPassword, jks.Password, jks.PasswordSecretRef);
        if (spec.Keystores?.Pkcs12 is { Create: true } pkcs12)
        {
            CheckPassword(Sentences.Pkcs12Password, pkcs12.Password, pkcs12.PasswordSecretRef);
            if (pkcs12.Profile is not (null or "LegacyRC2" or "LegacyDES" or "Modern2023"))
                problems.Add($"keystores.pkcs12.profile \"{Shown(pkcs12.Profile)}\" is unknown: use Modern2023, LegacyDES or LegacyRC2.");
        }

        foreach (OutputFormatSpec format in spec.AdditionalOutputFormats ?? [])
        {
            if (format.Type is not ("DER" or "CombinedPEM"))
                problems.Add($"additionalOutputFormats type \"{Shown(format.Type)}\" is unknown: use DER or CombinedPEM.");
        }

        if (spec.History is < 0 or > 5)
            problems.Add(Sentences.With(Sentences.History, "history", spec.History));
        foreach (RolloutSpec target in spec.Rollout ?? [])
        {
            if (target.Kind is not ("Deployment" or "StatefulSet" or "DaemonSet"))
                problems.Add($"rollout kind \"{Shown(target.Kind)}\" is unknown: use Deployment, StatefulSet or DaemonSet.");
            else if (SecretRules.NameProblem("rollout name", target.Name, target.Kind) is { } problem)
                problems.Add(problem);
        }

        if (spec.SecretDeletionPolicy is not (null or "Retain" or "Delete"))
            problems.Add($"secretDeletionPolicy \"{Shown(spec.SecretDeletionPolicy)}\" is unknown: use Retain or Delete.");

        void CheckPassword(string sentence, string? password, SecretKeyRef? reference)
        {
            if (string.IsNullOrEmpty(password) == (reference is null))
                problems.Add(sentence);
        }
    }

    /// <summary>A hostile value must not flood a message.</summary>
    public static string Shown(string? value)
        => string.Concat((value is { Length: > 64 } ? value[..64] + "…" : value ?? "").Select(c => char.IsControl(c) ? '?' : c));

    private static bool SaysNothing(NameSubtreesSpec? trees)
        => trees is null || (IsEmpty(trees.DnsDomains) && IsEmpty(trees.IpRanges) && IsEmpty(trees.EmailAddresses) && IsEmpty(trees.UriDomains));

    private static bool IsEmpty(IReadOnlyList<string>? values) => values is null or { Count: 0 };

    private static SubjectParts Parts(SubjectSpec? subject) => new()
    {
        Organizations = subject?.Organizations ?? [],
        OrganizationalUnits = subject?.OrganizationalUnits ?? [],
        Countries = subject?.Countries ?? [],
        Localities = subject?.Localities ?? [],
        Provinces = subject?.Provinces ?? [],
        StreetAddresses = subject?.StreetAddresses ?? [],
        PostalCodes = subject?.PostalCodes ?? [],
        SerialNumber = subject?.SerialNumber,
    };

    private static NameSubtrees? Subtrees(NameSubtreesSpec? spec) => spec is null ? null : new NameSubtrees
    {
        DnsDomains = spec.DnsDomains ?? [],
        IpRanges = spec.IpRanges ?? [],
        EmailAddresses = spec.EmailAddresses ?? [],
        UriDomains = spec.UriDomains ?? [],
    };
}
