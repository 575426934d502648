using CertOperator.Api;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Served;

/// <summary>What is to be said of how a certificate is served.</summary>
/// <param name="Status">True, False or Unknown.</param>
/// <param name="Reason">One of <see cref="ServedReasons"/>.</param>
/// <param name="Message">What is served, by whom, whose fault that is and what to do. It stays the same while nothing changes.</param>
internal sealed record ServedVerdict(string Status, string Reason, string Message)
{
    private const int MostNamed = 3;

    /// <summary>The judgement on all that was seen; null while there is something to wait for.</summary>
    /// <param name="scope">What there is to ask.</param>
    /// <param name="states">What was seen.</param>
    /// <param name="secret">Name of the Secret.</param>
    /// <param name="stored">The certificate in it.</param>
    /// <param name="owner">Names the Secret that holds the certificate with a fingerprint.</param>
    /// <param name="options">How patiently, and at which port.</param>
    public static ServedVerdict? Of(
        ServedScope scope, IReadOnlyDictionary<ServedTarget, TargetState> states, string secret, CertificateFacts stored, Func<string, string?> owner, ServedOptions options)
    {
        if (scope.Reason is { } reason)
            return new(ConditionTypes.Unknown, reason, scope.Message!);
        if (scope.Targets.Keys.Any(target => states.GetValueOrDefault(target)?.IsPending(options.Grace) != false))
            return null;

        var seen = (from target in scope.Targets.Keys
                    let last = states[target].Last
                    where last is not null
                    orderby target.Host, target.Address
                    select (Target: target, Sighting: last)).ToList();
        // What was right before a restart is asked again when its time comes.
        if (seen.Count == 0)
            return null;
        var others = seen.Where(pair => pair.Sighting.Leaf is { } leaf && leaf.Fingerprint != stored.Fingerprint).ToList();
        if (others.Count > 0)
            return new(ConditionTypes.False, ServedReasons.OtherCertificate, Mismatch(others, scope, secret, stored, owner));
        // Of an Ingress with an IPv4 and an IPv6 address the operator may reach one only.
        var unseen = seen.Where(pair => pair.Sighting.Leaf is null
            && !(pair.Sighting.Outcome == SightingOutcome.NoRoute && seen.Exists(other => other.Target.Host == pair.Target.Host && other.Sighting.Leaf is not null))).ToList();
        return unseen.Count > 0
            ? new(ConditionTypes.Unknown, ReasonOf(unseen[0].Sighting), $"{ServedSentences.Unseen(unseen[0].Target, unseen[0].Sighting, scope.Targets[unseen[0].Target], options)}{More(unseen, "The same is so of")}")
            : new(ConditionTypes.True, ServedReasons.Served, $"The certificate in Secret {secret}, serial {stored.SerialNumber}, is served for {List([.. scope.Targets.Keys.Select(target => target.Host).Distinct().Order(StringComparer.Ordinal)])}{LeftOut(scope)}.");
    }

    private static string Mismatch(
        List<(ServedTarget Target, Sighting Sighting)> others, ServedScope scope, string secret, CertificateFacts stored, Func<string, string?> owner)
    {
        var (target, sighting) = others[0];
        return $"{ServedSentences.Mismatch(target, sighting, scope.Targets[target], secret, stored, owner)}{More(others, "Another certificate than the stored one is served for")}";
    }

    private static string More(List<(ServedTarget Target, Sighting Sighting)> all, string what)
        => all.Count == 1 ? "" : $" {what} {List([.. all.Skip(1).Select(pair => pair.Target.ToString())])} too.";

    private static string LeftOut(ServedScope scope) => scope.LeftOut == 0 ? "" : $"; {scope.LeftOut} more hosts are not asked for";

    private static string List(string[] names) => names.Length <= MostNamed
        ? string.Join(", ", names)
        : $"{string.Join(", ", names.Take(MostNamed))} and {names.Length - MostNamed} more";

    private static string ReasonOf(Sighting sighting) => sighting.Outcome switch
    {
        SightingOutcome.NoTls => ServedReasons.HandshakeFailed,
        SightingOutcome.NotAllowed => ServedReasons.AddressNotAllowed,
        _ => ServedReasons.NotReachable,
    };
}
