using CertOperator.Api;

namespace CertOperator.Challenges;

/// <summary>A name to be validated.</summary>
/// <param name="Text">As in the certificate: <c>www.example.com</c>, <c>*.example.com</c>, <c>192.0.2.1</c>.</param>
/// <param name="IsAddress">An IP address and no domain name.</param>
internal sealed record NameToValidate(string Text, bool IsAddress)
{
    public bool IsWildcard => Text.StartsWith("*.", StringComparison.Ordinal);
}

/// <summary>Which solver validates a name.</summary>
/// <param name="Index">Its place in the issuer's list; -1 if there is none.</param>
/// <param name="Solver">The solver; null if there is none.</param>
/// <param name="Message">Why there is none, and what to do; empty if there is one.</param>
internal sealed record SolverChoice(int Index, AcmeSolverSpec? Solver, string Message);

/// <summary>
/// Chooses the solver for a name by cert-manager's rules: every part of a selector must fit; a name in <c>dnsNames</c> beats
/// a zone, a longer zone a shorter one, then more labels fewer, then the earlier place in the list.
/// </summary>
internal static class SolverSelection
{
    public const string Http01 = "http-01";
    public const string Dns01 = "dns-01";
    public const string TlsAlpn01 = "tls-alpn-01";

    /// <summary>The challenge type that a solver answers.</summary>
    public static string TypeOf(AcmeSolverSpec solver) => solver switch
    {
        { Dns01: not null } => Dns01,
        { TlsAlpn01: not null } => TlsAlpn01,
        _ => Http01,
    };

    /// <param name="solvers">Those of the issuer.</param>
    /// <param name="name">The name.</param>
    /// <param name="labels">The labels of the Certificate.</param>
    /// <param name="offered">The challenge types that the server offers for it; null if that is not known yet.</param>
    public static SolverChoice Choose(
        IReadOnlyList<AcmeSolverSpec>? solvers, NameToValidate name, IReadOnlyDictionary<string, string>? labels, IReadOnlyCollection<string>? offered = null)
    {
        if (solvers is not { Count: > 0 })
            return None("the issuer has no solvers. Add one.");

        var selected = solvers.Select((solver, index) => (Solver: solver, Index: index, Rank: RankOf(solver.Selector, name, labels)))
            .Where(candidate => candidate.Rank is not null).ToList();
        if (selected.Count == 0)
            return None("no solver's selector fits it. Add it to dnsNames or its domain to dnsZones of one, or add a solver without a selector.");

        // MaxBy keeps the first of several equals.
        var able = selected.Where(candidate => Obstacle(candidate.Solver, name, offered) is null).ToList();
        if (able.Count > 0)
        {
            var best = able.MaxBy(candidate => candidate.Rank!.Value);
            return new SolverChoice(best.Index, best.Solver, "");
        }

        var (first, place, _) = selected.MaxBy(candidate => candidate.Rank!.Value);
        return None($"solvers[{place}] selects it, but {Obstacle(first, name, offered)}.");

        SolverChoice None(string why) => new(-1, null, $"No solver can validate {name.Text}: {why}");
    }

    /// <summary>How specific the selector is for the name; null if it does not fit.</summary>
    private static (int Names, int ZoneLabels, int Labels)? RankOf(
        SolverSelectorSpec? selector, NameToValidate name, IReadOnlyDictionary<string, string>? labels)
    {
        if (selector is null)
            return (0, 0, 0);

        bool hasLabels = (selector.MatchLabels ?? new Dictionary<string, string>()).All(pair => labels?.GetValueOrDefault(pair.Key) == pair.Value);
        bool isNamed = selector.DnsNames is not { Count: > 0 } names || names.Any(listed => Same(listed, name.Text));
        int zoneLabels = (selector.DnsZones ?? []).Where(zone => IsInZone(name.Text, zone)).Select(zone => zone.Trim('.').Split('.').Length).DefaultIfEmpty(0).Max();
        bool isInZone = selector.DnsZones is not { Count: > 0 } || zoneLabels > 0;
        return hasLabels && isNamed && isInZone
            ? (selector.DnsNames is { Count: > 0 } ? 1 : 0, zoneLabels, selector.MatchLabels?.Count ?? 0)
            : null;
    }

    /// <summary>Why a solver cannot answer for a name at all; null if it can.</summary>
    private static string? Obstacle(AcmeSolverSpec solver, NameToValidate name, IReadOnlyCollection<string>? offered) => TypeOf(solver) switch
    {
        not Dns01 and var type when name.IsWildcard => $"{type} cannot validate a wildcard: add a solver with dns01 for it",
        Dns01 when name.IsAddress => "dns-01 cannot validate an IP address: add a solver with http01 or tlsAlpn01 for it",
        var type when offered is not null && !offered.Contains(type) => $"the server does not offer {type} for it, only {string.Join(", ", offered.Order(StringComparer.Ordinal))}",
        _ => null,
    };

    private static bool Same(string a, string b) => a.TrimEnd('.').Equals(b.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);

    private static bool IsInZone(string name, string zone)
        => zone.Trim('.').Length > 0 && $".{name.TrimEnd('.')}".EndsWith($".{zone.Trim('.')}", StringComparison.OrdinalIgnoreCase);
}
