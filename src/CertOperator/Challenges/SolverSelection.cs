using CertOperator.Api;

namespace CertOperator.Challenges;

/// <summary>A name to be validated.</summary>
/// <param name="Text">As in the certificate: <c>www.example.com</c>, <c>*.example.com</c>, <c>192.0.2.1</c>.</param>
/// <param name="IsAddress">An IP address and no domain name.</param>
internal sealed record NameToValidate(string Text, bool IsAddress)
{
    public bool IsWildcard => Text.StartsWith("*.", StringComparison.Ordinal);
}

/// <summary>Which solvers can validate a name.</summary>
/// <param name="Ranked">Their places in the issuer's list, the one that is to do it first.</param>
/// <param name="Message">Why there is none, and what to do; empty if there is one.</param>
internal sealed record SolverChoice(IReadOnlyList<RankedSolver> Ranked, string Message)
{
    /// <summary>The challenge types that they answer, the preferred one first.</summary>
    public IReadOnlyList<string> Types => [.. Ranked.Select(ranked => SolverSelection.TypeOf(ranked.Solver)).Distinct()];

    /// <summary>The first that answers challenges of a type; null if none does.</summary>
    public AcmeSolverSpec? For(string type) => Ranked.FirstOrDefault(ranked => SolverSelection.TypeOf(ranked.Solver) == type)?.Solver;
}

/// <summary>A solver at its place in the issuer's list.</summary>
internal sealed record RankedSolver(int Index, AcmeSolverSpec Solver);

/// <summary>
/// Chooses the solver for a name by cert-manager's rules: every part of a selector must fit; a name in <c>dnsNames</c> beats
/// a zone, a longer zone a shorter one, then more labels fewer, then the earlier place in the list. The first whose challenge
/// the CA offers validates the name.
/// </summary>
internal static class SolverSelection
{
    public const string Http01 = "http-01";
    public const string Dns01 = "dns-01";
    public const string DnsAccount01 = "dns-account-01";
    public const string DnsPersist01 = Dns01Spec.DnsPersist01;
    public const string TlsAlpn01 = "tls-alpn-01";

    /// <summary>The challenge type that a solver answers.</summary>
    public static string TypeOf(AcmeSolverSpec solver) => solver switch
    {
        { Dns01: { } dns } => dns.ChallengeType ?? Dns01,
        { TlsAlpn01: not null } => TlsAlpn01,
        _ => Http01,
    };

    /// <summary>Whether the answer is a TXT record that is to be removed when its challenge is over.</summary>
    public static bool LeavesRecord(string type) => type is Dns01 or DnsAccount01;

    /// <param name="solvers">Those of the issuer.</param>
    /// <param name="name">The name.</param>
    /// <param name="labels">The labels of the Certificate.</param>
    public static SolverChoice Choose(IReadOnlyList<AcmeSolverSpec>? solvers, NameToValidate name, IReadOnlyDictionary<string, string>? labels)
    {
        if (solvers is not { Count: > 0 })
            return None("the issuer has no solvers. Add one.");

        // The order of equals stays.
        RankedSolver[] selected =
        [
            .. solvers.Select((solver, index) => (Solver: new RankedSolver(index, solver), Rank: RankOf(solver.Selector, name, labels)))
                .Where(candidate => candidate.Rank is not null)
                .OrderByDescending(candidate => candidate.Rank!.Value)
                .Select(candidate => candidate.Solver),
        ];
        if (selected.Length == 0)
            return None("no solver's selector fits it. Add it to dnsNames or its domain to dnsZones of one, or add a solver without a selector.");

        RankedSolver[] able = [.. selected.Where(ranked => Obstacle(ranked.Solver, name) is null)];
        return able.Length > 0 ? new SolverChoice(able, "") : None($"solvers[{selected[0].Index}] selects it, but {Obstacle(selected[0].Solver, name)}.");

        SolverChoice None(string why) => new([], $"No solver can validate {name.Text}: {why}");
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
    private static string? Obstacle(AcmeSolverSpec solver, NameToValidate name) => (TypeOf(solver), solver.Dns01) switch
    {
        (var type, null) when name.IsWildcard => $"{type} cannot validate a wildcard: add a solver with dns01 for it",
        (var type, not null) when name.IsAddress => $"{type} cannot validate an IP address: add a solver with http01 or tlsAlpn01 for it",
        _ => null,
    };

    private static bool Same(string a, string b) => a.TrimEnd('.').Equals(b.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);

    private static bool IsInZone(string name, string zone)
        => zone.Trim('.').Length > 0 && $".{name.TrimEnd('.')}".EndsWith($".{zone.Trim('.')}", StringComparison.OrdinalIgnoreCase);
}
