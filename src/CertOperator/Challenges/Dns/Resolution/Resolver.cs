using System.Net;
using System.Security.Cryptography;
using CertOperator.Challenges.Dns.Wire;

namespace CertOperator.Challenges.Dns.Resolution;

/// <summary>
/// Asks recursive name servers, and single servers directly. It keeps nothing, so that a "no such name" of a moment ago does
/// not stand in the way of a record that has come since.
/// </summary>
internal sealed class Resolver(IReadOnlyList<IPEndPoint> servers, TimeProvider time)
{
    private const int MaxDelegations = 8;

    /// <summary>The recursive servers.</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; } = servers;

    /// <summary>The first answer that says something: records, or that there are none.</summary>
    /// <exception cref="DnsException">No server gave one.</exception>
    public async Task<DnsMessage> QueryAsync(string name, DnsType type, CancellationToken cancel)
    {
        DnsException? failure = null;
        foreach (IPEndPoint server in Servers)
        {
            try
            {
                DnsMessage answer = await AskAsync(server, name, type, recursive: true, cancel);
                if (answer.Code is DnsResponseCode.NoError or DnsResponseCode.NameError)
                    return answer;
                failure = new DnsException($"The name server {server} answers {answer.Code} when asked for {Word(type)} of {name}.");
            }
            catch (DnsException unanswered)
            {
                failure = unanswered;
            }
        }

        throw failure ?? new DnsException("There is no name server to ask: set dns01.nameservers.");
    }

    /// <summary>What one server answers.</summary>
    /// <exception cref="DnsException">It gives no answer.</exception>
    public Task<DnsMessage> AskAsync(IPEndPoint server, string name, DnsType type, bool recursive, CancellationToken cancel)
    {
        ushort id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
        return DnsTransport.AskAsync(server, DnsWriter.Query(id, new DnsQuestion(name, type), recursive), time, cancel);
    }

    /// <summary>The apex of the zone that a name is in: the nearest name upwards that has a SOA record (<c>co.uk</c> is none of <c>example.co.uk</c>'s).</summary>
    /// <exception cref="DnsException">There is none below the root.</exception>
    public async Task<string> FindZoneAsync(string name, CancellationToken cancel)
    {
        foreach (string candidate in DnsNames.Upward(name))
        {
            DnsMessage answer = await QueryAsync(candidate, DnsType.Soa, cancel);
            if (answer.Answers.Any(record => record.Type == DnsType.Soa && record.Name == candidate))
                return candidate;

            // A server that has no such record says whose zone told it so (RFC 2308), which saves the questions between.
            string? told = answer.Authorities.FirstOrDefault(record => record.Type == DnsType.Soa)?.Name;
            if (told is { Length: > 0 } && DnsNames.IsWithin(candidate, told))
                return told;
        }

        throw new DnsException($"No zone is found for {name}: register the domain, or set dns01.nameservers to servers that know it.");
    }

    /// <summary>Where CNAMEs at a name lead to; the name itself if there is none.</summary>
    /// <exception cref="DnsException">They go round in circles, or too far.</exception>
    public async Task<string> FollowAsync(string name, CancellationToken cancel)
    {
        string at = name;
        var seen = new HashSet<string> { name };
        while (await DelegationAsync(at, cancel) is { } target)
        {
            if (!seen.Add(target) || seen.Count > MaxDelegations)
                throw new DnsException($"The CNAME records from {name} on lead round in circles or over more than {MaxDelegations} names: mend them.");
            at = target;
        }

        return at;
    }

    /// <summary>The target of a CNAME at a name; null if there is none.</summary>
    public async Task<string?> DelegationAsync(string name, CancellationToken cancel)
        => (await QueryAsync(name, DnsType.Cname, cancel)).Answers
            .FirstOrDefault(record => record.Type == DnsType.Cname && record.Name == name)?.Target is { } target
            ? DnsNames.Normalize(target)
            : null;

    private static string Word(DnsType type) => type.ToString().ToUpperInvariant();
}
