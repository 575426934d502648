using CertOperator.Api;
using CertOperator.Pki.Requests;

namespace CertOperator.Issuers.Constraints;

/// <summary>Holds a request against what its issuer signs (<c>spec.constraints</c>). Pure.</summary>
internal static class IssuerConstraints
{
    /// <summary>Why an issuer does not sign a request, in sentences for its author; null if one of the constraints allows all of it.</summary>
    /// <param name="issuer">As the Certificate names it.</param>
    /// <param name="constraints">Its constraints, or those that are to be looked at.</param>
    /// <param name="ns">Namespace of the Certificate.</param>
    /// <param name="labels">Of that namespace; looked at only where a constraint selects by labels.</param>
    /// <param name="desired">The request.</param>
    public static string? Objection(
        IssuerRef issuer, IEnumerable<IssuerConstraintSpec> constraints, string ns, IReadOnlyDictionary<string, string>? labels, DesiredCertificate desired)
    {
        string? first = null;
        foreach (IssuerConstraintSpec constraint in constraints.Where(constraint => IsFor(constraint, ns, labels)))
        {
            if (Objection(constraint, desired) is not { } objection)
                return null;
            first ??= objection;
        }

        // Who may read this Certificate may not be allowed to know of other namespaces, so none is named.
        return first is null
            ? $"{issuer} signs nothing for namespace {ns}, by its constraints. Use another issuer, or have the namespace added to them."
            : $"{issuer} does not sign this for namespace {ns}, by its constraints: {first} Change the Certificate, use another issuer, or have the constraints widened.";
    }

    private static bool IsFor(IssuerConstraintSpec constraint, string ns, IReadOnlyDictionary<string, string>? labels)
        => constraint.Namespaces?.Contains(ns) != false && constraint.NamespaceSelector?.Fits(labels) != false;

    private static string? Objection(IssuerConstraintSpec constraint, DesiredCertificate desired)
    {
        CertificateProfile profile = desired.Profile;
        if (constraint.MaxDuration is { } text && GoDuration.TryParse(text, out TimeSpan longest) && desired.Duration > longest)
            return $"the duration {GoDuration.Format(desired.Duration)} is longer than {text}, the maxDuration.";
        if (profile.IsCa)
        {
            // The names that it will sign for are not seen here.
            return constraint is { AllowCA: true, DnsNames: null } ? null : "it asks for a CA certificate, which allowCA does not allow.";
        }

        // A common name of an unusual string type is read differently by different clients.
        if (profile.Subject.CommonNames.Contains(null))
            return "its subject has a common name that is no text.";
        string[] hosts = [.. profile.Names.DnsNames, .. profile.Subject.CommonNames.OfType<string>()];
        if (constraint.AllowWildcards != true && hosts.FirstOrDefault(name => name.Contains('*', StringComparison.Ordinal)) is { } wildcard)
            return $"{wildcard} is a wildcard, which allowWildcards does not allow.";
        return constraint.DnsNames is { } patterns ? ObjectionToNames(patterns, hosts, profile) : null;
    }

    private static string? ObjectionToNames(IReadOnlyList<string> patterns, IEnumerable<string> hosts, CertificateProfile profile)
    {
        SubjectNames names = profile.Names;
        string[] others = [.. names.IpAddresses, .. names.Uris, .. names.EmailAddresses, .. names.OtherNames.Select(name => name.Value), .. profile.Subject.EmailAddresses];
        if (others.Length > 0)
            return $"{others[0]} is no DNS name, and dnsNames allows none but these.";
        return hosts.FirstOrDefault(name => !patterns.Any(pattern => Fits(name, pattern))) is { } stranger
            ? $"{stranger} fits none of dnsNames ({Told(patterns)})."
            : null;
    }

    private static bool Fits(string name, string pattern)
        => pattern == "*" || (pattern.StartsWith("*.", StringComparison.Ordinal)
            ? name.Length > pattern.Length - 1 && name.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase) && IssuerConstraintSpec.IsNamePattern(name.ToLowerInvariant())
            : name.Equals(pattern, StringComparison.OrdinalIgnoreCase));

    private static string Told(IReadOnlyList<string> patterns)
        => string.Join(", ", patterns.Take(5)) + (patterns.Count > 5 ? $" and {patterns.Count - 5} more" : "");
}
