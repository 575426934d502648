using System.Net.Sockets;
using CertOperator.Acme.Protocol;

namespace CertOperator.Challenges.SelfChecks;

/// <param name="IsResolved">Whether the DNS gave an answer for the name.</param>
/// <param name="Named">What the addresses of the name answered.</param>
/// <param name="Ingress">What the addresses of the Ingress answered; one can be among both.</param>
internal sealed record SelfCheckFindings(bool IsResolved, IReadOnlyList<ProbeResult> Named, IReadOnlyList<ProbeResult> Ingress);

/// <summary>Makes one sentence of what a self-check found: what is wrong, where, and what to do. Pure.</summary>
internal static class SelfCheckVerdict
{
    /// <returns>Null if the CA will probably find the answer.</returns>
    public static string? Of(SelfCheckQuestion question, SelfCheckFindings findings)
    {
        bool ingressAnswers = findings.Ingress.Any(result => result.IsGood);
        if (findings.Named.Count == 0)
            return Unresolved(question, findings, ingressAnswers);
        if (findings.Named.All(result => result.IsGood))
            return null;

        ProbeResult? stale = findings.Named.FirstOrDefault(result => IsV6(result) && (result.IsAnswer || result.Outcome is ProbeOutcome.Refused or ProbeOutcome.Broken));
        if (stale is not null && findings.Named.Any(result => !IsV6(result) && result.IsGood))
            return $"{question.Name} has the IPv6 address {stale.Address}, which {What(stale)}, while its IPv4 address answers rightly: the CA prefers IPv6, so correct the AAAA record or remove it.";

        ProbeResult? elsewhere = findings.Named.FirstOrDefault(result => result.IsAnswer && findings.Ingress.All(known => !known.Address.Equals(result.Address)));
        if (ingressAnswers)
        {
            // Behind NAT the cluster often cannot reach its own public address: then the Ingress's own answer is what counts.
            return elsewhere is null && !AreApart(findings) ? null : Elsewhere(question, findings, elsewhere);
        }

        if (findings.Ingress.Count > 0 && elsewhere is not null)
            return Elsewhere(question, findings, elsewhere);
        if (findings.Named.Any(result => result.IsGood) && !findings.Named.Any(result => result.IsAnswer))
            return null;
        return (findings.Ingress.FirstOrDefault(result => result.IsAnswer) ?? findings.Ingress.Concat(findings.Named).FirstOrDefault(result => result.IsAnswer)
            ?? findings.Ingress.Concat(findings.Named).FirstOrDefault(result => result.Outcome is not (ProbeOutcome.NotAsked or ProbeOutcome.NoRoute))) is { } worst
                ? Wrong(question, worst)
                : null;
    }

    private static string? Unresolved(SelfCheckQuestion question, SelfCheckFindings findings, bool ingressAnswers)
    {
        if (findings.IsResolved)
            return $"{question.Name} does not resolve: create its A or AAAA record{To(findings)}, or correct the name.";
        if (ingressAnswers)
            return null;
        return findings.Ingress.FirstOrDefault(result => result.IsAnswer) is { } wrong
            ? Wrong(question, wrong)
            : $"{question.Name} could not be resolved from here, so whether the CA can reach it is not known: look at the cluster's DNS.";
    }

    private static string Elsewhere(SelfCheckQuestion question, SelfCheckFindings findings, ProbeResult? other)
    {
        string found = other is null ? "" : $", and that address {What(other)}";
        return $"{question.Name} resolves to {List(findings.Named)}, but the Ingress has the address {List(findings.Ingress)}{found}: correct the DNS record, or have port 80 of the former forwarded to the latter.";
    }

    private static string Wrong(SelfCheckQuestion question, ProbeResult result)
    {
        string at = $"{question.Name} at {Show(result)}";
        return result switch
        {
            { Outcome: ProbeOutcome.Refused } => $"{at} refuses connections on port 80: open it, and see that the ingress controller listens there.",
            { Outcome: ProbeOutcome.TimedOut } => $"{at} does not answer on port 80: open it in firewalls and security groups.",
            { Outcome: ProbeOutcome.WrongBody } => $"{at} answers with something else than the operator's answer: another server or rule takes the path /.well-known/acme-challenge/ there.",
            { Status: 404 } => $"{at} answers 404: no rule for this host and path is in force there yet. If that stays so, the ingress controller does not serve {question.Route}.",
            { Status: 502 or 503 or 504 } => $"{at} answers {result.Status}: the ingress controller does not reach the Service {question.Service}. Look at its endpoints and at network policies.",
            { Status: 401 or 403 } => $"{at} answers {result.Status}: access to it is restricted. Let everybody ask for /.well-known/acme-challenge/.",
            { Outcome: ProbeOutcome.WrongStatus } => $"{at} answers {result.Status} instead of 200: look at the logs of what serves port 80 there.",
            _ => $"{at} breaks the connection off or does not speak HTTP on port 80: look at what listens there.",
        };
    }

    private static string What(ProbeResult result) => result.Outcome switch
    {
        ProbeOutcome.Refused => "refuses connections on port 80",
        ProbeOutcome.WrongStatus => $"answers {result.Status}",
        ProbeOutcome.WrongBody => "answers with something else",
        _ => "does not speak HTTP on port 80",
    };

    /// <summary>The name leads to other addresses than a public Ingress has.</summary>
    private static bool AreApart(SelfCheckFindings findings)
        => findings.Ingress.All(known => PublicAddress.Is(known.Address)) && !findings.Named.Any(named => named.IsGood || findings.Ingress.Any(known => known.Address.Equals(named.Address)));

    private static string To(SelfCheckFindings findings) => findings.Ingress.Count > 0 ? $" with the address of the Ingress, {List(findings.Ingress)}" : "";

    private static string List(IReadOnlyList<ProbeResult> results) => string.Join(" and ", results.Select(Show).Distinct());

    /// <summary>What was not asked is not told either: it would map the cluster's network.</summary>
    private static string Show(ProbeResult result) => result.Outcome is ProbeOutcome.NotAsked ? "a private address" : result.Address.ToString();

    private static bool IsV6(ProbeResult result) => result.Address.AddressFamily == AddressFamily.InterNetworkV6;
}
