using System.Diagnostics;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Resolution;
using CertOperator.Challenges.Dns.Wire;
using CertOperator.Secrets;
using CertOperator.Telemetry;

namespace CertOperator.Challenges.Dns;

/// <summary>
/// The dns-01 challenge (RFC 8555, 8.4) and its kin: finds where the record belongs, writes it, tells who sees it, and removes it again.
/// Every method may be repeated, and none waits for anything but the answers of those it asks. Each throws
/// <see cref="DnsException"/> for what a user or a provider has to mend.
/// </summary>
internal sealed class Dns01Solver(DnsServices services)
{
    private readonly RecordLocks _locks = new();

    /// <summary>How long a user lets the propagation take; 2 minutes if nothing is said.</summary>
    public static TimeSpan Timeout(Dns01Spec spec)
        => GoDuration.TryParse(spec.Propagation?.Timeout, out TimeSpan timeout) ? timeout : TimeSpan.FromMinutes(2);

    /// <summary>
    /// Where a value belongs. Keep the result for <see cref="CleanUpAsync"/>: a delegation may have changed until then.
    /// </summary>
    /// <param name="spec">The solver's settings.</param>
    /// <param name="domain">The domain that is validated; a wildcard's own asterisk may be there or not.</param>
    /// <param name="answer">The record that the CA asks for.</param>
    /// <param name="cancel">Ends the call.</param>
    public async Task<TxtRecord> LocateAsync(Dns01Spec spec, string domain, Acme.Challenges.TxtRecord answer, CancellationToken cancel)
    {
        string bare = DnsNames.Normalize(domain.StartsWith("*.", StringComparison.Ordinal) ? domain[2..] : domain);
        string asked = DnsNames.Normalize(answer.Name);
        Resolver resolver = await ResolverAsync(spec, cancel);
        bool isDelegated = spec.CnameStrategy == "Follow" || spec.AcmeDNS is not null;
        string name = isDelegated ? await resolver.FollowAsync(asked, cancel) : asked;
        if (spec.AcmeDNS is not null && name == asked)
            throw new DnsException($"{asked} has no CNAME to the acme-dns server: add one that leads to the fulldomain of the account.");
        return new TxtRecord(name, await resolver.FindZoneAsync(name, cancel), answer.Value, bare);
    }

    /// <summary>Looks for values at a name, or where that is delegated to, as the CA does.</summary>
    public async Task<Propagation> SeekAsync(Dns01Spec spec, string name, Func<string, bool> fits, CancellationToken cancel)
    {
        Resolver resolver = await ResolverAsync(spec, cancel);
        string place = await resolver.FollowAsync(DnsNames.Normalize(name), cancel);
        return await CheckAsync(spec, resolver, new SoughtText(place, IsRecursive(spec) ? "" : await resolver.FindZoneAsync(place, cancel), fits), cancel);
    }

    /// <summary>Writes the record.</summary>
    public Task PresentAsync(Dns01Spec spec, DnsProviderContext context, TxtRecord record, CancellationToken cancel)
        => WriteAsync("write TXT record", spec, context, record, (provider, limit) => provider.AddAsync(record, limit), cancel);

    /// <summary>Removes the record, and no other value at its name.</summary>
    public Task CleanUpAsync(Dns01Spec spec, DnsProviderContext context, TxtRecord record, CancellationToken cancel)
        => WriteAsync("remove TXT record", spec, context, record, (provider, limit) => provider.RemoveAsync(record, limit), cancel);

    /// <summary>Who sees the record now.</summary>
    public async Task<Propagation> CheckAsync(Dns01Spec spec, TxtRecord record, CancellationToken cancel)
        => spec.Propagation?.Check == "None"
            ? new Propagation(1, 1, "Nobody was asked: propagation.check is None.")
            : await CheckAsync(spec, await ResolverAsync(spec, cancel), SoughtText.Of(record), cancel);

    private async Task<Propagation> CheckAsync(Dns01Spec spec, Resolver resolver, SoughtText sought, CancellationToken cancel)
    {
        using Activity? step = IssuanceTrace.Step("look for TXT record");
        var check = new PropagationCheck(resolver, services.Guard, services.DnsPort);
        Propagation seen = IsRecursive(spec) ? await check.RecursiveAsync(sought, cancel) : await check.AuthoritativeAsync(sought, cancel);
        step?.SetTag("certoperator.seen", seen.IsComplete);
        return seen;
    }

    private async Task WriteAsync(
        string what, Dns01Spec spec, DnsProviderContext context, TxtRecord record, Func<IDnsProvider, CancellationToken, Task> write, CancellationToken cancel)
    {
        using Activity? step = IssuanceTrace.Step(what);
        using IDisposable turn = await _locks.EnterAsync(record.Name, cancel);
        try
        {
            await write(DnsProviders.Create(spec, context), cancel);
        }
        catch (SecretValueException missing)
        {
            throw new DnsException(missing.Message);
        }
    }

    private static bool IsRecursive(Dns01Spec spec) => spec.Propagation?.Check == "Recursive";

    private async Task<Resolver> ResolverAsync(Dns01Spec spec, CancellationToken cancel)
        => new(await NameServers.FindAsync(spec.Nameservers, services, cancel), services.Time);
}
