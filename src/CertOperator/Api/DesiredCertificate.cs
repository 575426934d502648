using System.Security.Cryptography;
using System.Text.Json;
using CertOperator.Acme.Renewal;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;

namespace CertOperator.Api;

/// <summary>A spec that passed every rule, in the terms of the PKI.</summary>
internal sealed record DesiredCertificate
{
    /// <summary>What the certificate is to say.</summary>
    public required CertificateProfile Profile { get; init; }

    public required KeyAlgorithm KeyAlgorithm { get; init; }

    /// <summary>Bits; meaningless for Ed25519.</summary>
    public required int KeySize { get; init; }

    public required KeyEncoding KeyEncoding { get; init; }

    /// <summary>Whether each issuance takes a new key.</summary>
    public required bool RotatesKey { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Null: the default ratio or the percentage decides.</summary>
    public TimeSpan? RenewBefore { get; init; }

    public int? RenewBeforePercentage { get; init; }

    /// <summary>When it may be renewed; empty: at any time.</summary>
    public required IReadOnlyList<MaintenanceWindow> RenewalWindows { get; init; }

    /// <summary>
    /// Names the request as a whole. It changes when the stored certificate cannot answer the spec any more, so it holds
    /// what an issued certificate does not tell (the duration asked for) beside what it does.
    /// </summary>
    public required string SpecHash { get; init; }

    /// <summary>Reads a spec; null, with one sentence per broken rule, if it cannot be asked of any issuer.</summary>
    public static DesiredCertificate? From(CertificateSpec spec, out IReadOnlyList<string> problems)
    {
        var found = new List<string>();
        var (algorithm, size) = CertificateRules.ReadKey(spec.PrivateKey, found);
        TimeSpan duration = CertificateRules.ReadDuration(spec, found);
        TimeSpan? renewBefore = CertificateRules.ReadRenewBefore(spec, duration, found);
        IReadOnlyList<MaintenanceWindow> windows = MaintenanceWindow.ReadAll(spec, duration, LeftAtRenewal(duration, renewBefore, spec.RenewBeforePercentage), found);
        CertificateProfile? profile = ReadProfile(spec, algorithm, found);
        CertificateRules.CheckOutputs(spec, found);
        SecretRules.Check(spec, found);

        problems = found;
        if (found.Count > 0 || profile is null)
            return null;

        return new DesiredCertificate
        {
            Profile = profile,
            KeyAlgorithm = algorithm,
            KeySize = size,
            // Ed25519 keys know no other encoding than PKCS#8.
            KeyEncoding = spec.PrivateKey?.Encoding == "PKCS1" && algorithm != KeyAlgorithm.Ed25519 ? KeyEncoding.Pkcs1 : KeyEncoding.Pkcs8,
            RotatesKey = spec.PrivateKey?.RotationPolicy != "Never",
            Duration = duration,
            RenewBefore = renewBefore,
            RenewBeforePercentage = spec.RenewBeforePercentage,
            RenewalWindows = windows,
            SpecHash = Hash(spec, duration),
        };
    }

    /// <summary>
    /// What is left of a lifetime when it is to be renewed: as asked, if it lives longer than that; else the percentage; else a third,
    /// or half of under ten days.
    /// </summary>
    public static TimeSpan LeftAtRenewal(TimeSpan lifetime, TimeSpan? renewBefore, int? percentage)
    {
        if (renewBefore is { } before && before < lifetime)
            return before;
        return percentage is { } share ? lifetime * (share / 100.0) : LeftByDefault(lifetime);
    }

    /// <summary>A third of the lifetime, or half of under ten days: of so little, more is needed for tries.</summary>
    public static TimeSpan LeftByDefault(TimeSpan lifetime) => lifetime < RenewalPolicy.ShortLifetime ? lifetime / 2 : lifetime / 3;

    private static CertificateProfile? ReadProfile(CertificateSpec spec, KeyAlgorithm algorithm, List<string> problems)
    {
        int before = problems.Count;
        DistinguishedName? subject = CertificateRules.ReadSubject(spec, problems);
        var profile = new CertificateProfile
        {
            Subject = subject ?? DistinguishedName.Empty,
            Names = CertificateRules.ReadNames(spec, subject, problems),
            Usages = CertificateRules.ReadUsages(spec, algorithm, problems),
            IsCa = spec.IsCA == true,
            NameConstraints = CertificateRules.ReadNameConstraints(spec, problems),
        };
        if (problems.Count == before && profile.Problem() is { } problem)
            problems.Add(problem);
        return problems.Count == before ? profile : null;
    }

    private static string Hash(CertificateSpec spec, TimeSpan duration)
    {
        var asked = spec with
        {
            SecretName = "",
            FallbackIssuerRefs = null,
            Duration = GoDuration.Format(duration),
            RenewBefore = null,
            RenewBeforePercentage = null,
            Renewal = null,
            SecretTemplate = null,
            Keystores = null,
            AdditionalOutputFormats = null,
            SecretDeletionPolicy = null,
            History = null,
            Rollout = null,
            // Empty parts say what absent ones say; an apply that drops their content leaves them behind.
            PrivateKey = NullIfEmpty(spec.PrivateKey is { } key ? key with { RotationPolicy = null, Encoding = null } : null),
            Subject = NullIfEmpty(spec.Subject),
            NameConstraints = CertificateRules.SaysNothing(spec.NameConstraints) ? null : spec.NameConstraints,
        };
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(asked, ApiJson.Default.CertificateSpec);
        return Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 8));
    }

    private static T? NullIfEmpty<T>(T? part)
        where T : class, new()
        => part is null || part.Equals(new T()) ? null : part;
}
