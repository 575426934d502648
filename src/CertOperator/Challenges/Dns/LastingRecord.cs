using CertOperator.Acme.Challenges;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Resolution;
using CertOperator.Challenges.Dns.Wire;

namespace CertOperator.Challenges.Dns;

/// <summary>What there is in DNS that validates a name by dns-persist-01.</summary>
/// <param name="Seen">Who shows a record that has not ended.</param>
/// <param name="Lapse">When that ends; null if never, or if not all show it.</param>
/// <param name="Over">A record that has ended, where there is no other.</param>
internal sealed record LastingRecord(Propagation Seen, Lapse? Lapse, Lapse? Over = null)
{
    /// <summary>More labels than that lead nowhere.</summary>
    private const int MostAbove = 8;

    /// <summary>Of the name itself; else of a domain above it, if that holds for all names below.</summary>
    public static async Task<LastingRecord> FindAsync(Dns01Solver dns, Dns01Spec spec, DnsPersist01 wanted, DateTimeOffset now, CancellationToken cancel)
    {
        LastingRecord own = await LookAsync(dns, spec, wanted, wanted.Domain, now, cancel);
        if (own.Seen.Seen > 0)
            return own;
        foreach (string above in DnsNames.Upward(wanted.Domain).Skip(1).Where(domain => domain.Contains('.', StringComparison.Ordinal)).Take(MostAbove))
        {
            try
            {
                if (await LookAsync(dns, spec, wanted, above, now, cancel) is { Seen.IsComplete: true } found)
                    return found;
            }
            catch (DnsException)
            {
                // Whose zone cannot be asked has nothing to say of this name.
            }
        }

        return own with { Over = (await LookAsync(dns, spec, wanted, wanted.Domain, DateTimeOffset.MinValue, cancel)).Lapse };
    }

    /// <summary>For people, as zone files and the forms of providers take it.</summary>
    public static string Show(Acme.Challenges.TxtRecord record)
        => $"the TXT record {record.Name} with the text {string.Join(' ', record.Strings().Select(text => $"\"{text}\""))}";

    private static async Task<LastingRecord> LookAsync(Dns01Solver dns, Dns01Spec spec, DnsPersist01 wanted, string domain, DateTimeOffset after, CancellationToken cancel)
    {
        string name = DnsPersist01.NameOf(domain);
        Propagation seen = await dns.SeekAsync(spec, name, value => wanted.Match(domain, value) > after, cancel);
        DateTimeOffset? end = seen.IsComplete ? seen.Values.Max(value => wanted.Match(domain, value)) : null;
        return new LastingRecord(seen, end < DateTimeOffset.MaxValue ? new Lapse(name, end.Value) : null);
    }
}
