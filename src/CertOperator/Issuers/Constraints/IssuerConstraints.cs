using CertOperator.Api;
using CertOperator.Pki.Requests;

namespace CertOperator.Issuers.Constraints;

/// <summary>Holds a request against what its issuer signs (<c>spec.constraints</c>). Pure.</summary>
internal static class IssuerConstraints
{
    /// <summary>Why an issuer does not sign a request, in sentences for its author; null if it does.</summary>
    /// <param name="issuer">As the Certificate names it.</param>
    /// <param name="constraints">None: it signs everything.</param>
    /// <param name="ns">Namespace of the Certificate.</param>
    /// <param name="labels">Of that namespace; looked at only where a constraint selects by labels.</param>
    /// <param name="desired">The request.</param>
    public static string? Objection(
        IssuerRef issuer, IReadOnlyList<IssuerConstraintSpec>? constraints, string ns, IReadOnlyDictionary<string, string>? labels, DesiredCertificate desired)
    {
        if (constraints is not { Count: > 0 })
            return null;

        // Who may read this Certificate may not be allowed to know of other namespaces, so none is named.
        IssuerConstraintSpec[] here = [.. constraints.Where(constraint => IsFor(constraint, ns, labels))];
        if (here.Length == 0)
            return $"{issuer} signs nothing for namespace {ns}, by its constraints. Use another issuer, or have the namespace added to them.";

        string? first = null;
        foreach (IssuerConstraintSpec constraint in here)
        {
            if (Objection(constraint, desired) is not { } objection)
                return null;
            first ??= objection;
        }

        return $"{issuer} does not sign this for namespace {ns}, by its constraints: {first} Change the Certificate, use another issuer, or have the constraints widened.";
    }

    private static bool IsFor(IssuerConstraintSpec constraint, string ns, IReadOnlyDictionary<string, string>? labels)
        => constraint.Namespaces?.Contains(ns) != false && constraint.NamespaceSelector?.Fits(labels) != false;

    private static string? Objection(IssuerConstraintSpec constraint, DesiredCertificate desired)
    {
        CertificateProfile profile = desired.Profile;
        if (profile.IsCa && constraint.AllowCA != true)
            return "it asks for a CA certificate, which allowCA does not allow.";
        if (constraint.AllowWildcards != true && profile.Names.DnsNames.FirstOrDefault(IsWildcard) is { } wildcard)
            return $"{wildcard} is a wildcard, which allowWildcards does not allow.";
        if (constraint.MaxDuration is { } text && GoDuration.TryParse(text, out TimeSpan longest) && desired.Duration > longest)
            return $"the duration {GoDuration.Format(desired.Duration)} is longer than {text}, the maxDuration.";
        return constraint.DnsNames is { } patterns ? ObjectionToNames(patterns, profile) : null;
    }

    private static string? ObjectionToNames(IReadOnlyList<string> patterns, CertificateProfile profile)
    {
        SubjectNames names = profile.Names;
        string[] others = [.. names.IpAddresses, .. names.Uris, .. names.EmailAddresses, .. names.OtherNames.Select(name => name.Value)];
        if (others.Length > 0)
            return $"{others[0]} is no DNS name, and dnsNames allows none but these.";

        // A CA's common name is no host's.
        string? common = profile.IsCa ? null : profile.Subject.CommonName;
        return names.DnsNames.Append(common).OfType<string>().FirstOrDefault(name => !patterns.Any(pattern => Fits(name, pattern))) is { } stranger
            ? $"{stranger} fits none of dnsNames ({Told(patterns)})."
            : null;
    }

    private static bool Fits(string name, string pattern)
        => pattern == "*" || (IsWildcard(pattern)
            ? name.Length > pattern.Length - 1 && name.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
            : name.Equals(pattern, StringComparison.OrdinalIgnoreCase));

    private static bool IsWildcard(string name) => name.StartsWith("*.", StringComparison.Ordinal);

    private static string Told(IReadOnlyList<string> patterns)
        => string.Join(", ", patterns.Take(5)) + (patterns.Count > 5 ? $" and {patterns.Count - 5} more" : "");
}
