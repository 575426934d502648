using System.Net;
using CertOperator.Challenges.Dns.Http;
using CertOperator.Challenges.Dns.Wire;

namespace CertOperator.Challenges.Dns.Resolution;

/// <summary>Asks whether values can be seen, as the CA will: at the zone's authoritative servers, every one of them.</summary>
internal sealed class PropagationCheck(Resolver resolver, EndpointGuard guard, int port)
{
    private const int MaxServers = 16;

    /// <summary>At every authoritative server of the zone.</summary>
    /// <exception cref="DnsException">The servers of the zone cannot be found.</exception>
    public async Task<Propagation> AuthoritativeAsync(SoughtText sought, CancellationToken cancel)
    {
        DnsMessage answer = await resolver.QueryAsync(sought.Zone, DnsType.Ns, cancel);
        string[] names =
        [
            .. answer.Answers.Where(found => found.Type == DnsType.Ns && found.Name == sought.Zone)
                .Select(found => found.Target).OfType<string>().Distinct().Order(StringComparer.Ordinal).Take(MaxServers),
        ];
        if (names.Length == 0)
            throw new DnsException($"The zone {sought.Zone} has no NS records that can be seen from here: set dns01.nameservers, or propagation.check to None.");

        var asked = await Task.WhenAll(names.Select(name => AskNamedAsync(name, sought, cancel)));
        return Sum(sought, asked);
    }

    /// <summary>At the recursive servers.</summary>
    public async Task<Propagation> RecursiveAsync(SoughtText sought, CancellationToken cancel)
        => Sum(sought, await Task.WhenAll(resolver.Servers.Select(server => AskAsync(server.ToString(), server, recursive: true, sought, cancel))));

    private async Task<Sight> AskNamedAsync(string name, SoughtText sought, CancellationToken cancel)
    {
        try
        {
            IPAddress? address = await AddressAsync(name, DnsType.A, cancel) ?? await AddressAsync(name, DnsType.Aaaa, cancel);
            if (address is null)
                return new Sight(name, false, "has no address");
            guard.Check(address, name);
            return await AskAsync(name, new IPEndPoint(address, port), recursive: false, sought, cancel);
        }
        catch (DnsException failure)
        {
            return new Sight(name, false, $"cannot be asked ({failure.Message.TrimEnd('.')})");
        }
    }

    private async Task<Sight> AskAsync(string name, IPEndPoint server, bool recursive, SoughtText sought, CancellationToken cancel)
    {
        try
        {
            DnsMessage answer = await resolver.AskAsync(server, sought.Name, DnsType.Txt, recursive, cancel);
            string[] values = [.. answer.Answers.Where(found => found.Type == DnsType.Txt).Select(found => found.Text).OfType<string>()];
            if (values.Where(sought.Fits).ToArray() is { Length: > 0 } fitting)
                return new Sight(name, true, "") { Values = fitting };
            if (answer.Answers.FirstOrDefault(found => found.Type == DnsType.Cname && found.Name == sought.Name) is { } delegated)
                return new Sight(name, false, $"has a CNAME to {delegated.Target} there (set cnameStrategy: Follow, or remove it)");
            return new Sight(name, false, values.Length > 0 ? "shows other values" : answer.Code == DnsResponseCode.NoError ? "shows no value" : $"answers {answer.Code}");
        }
        catch (DnsException)
        {
            return new Sight(name, false, "gives no answer");
        }
    }

    private async Task<IPAddress?> AddressAsync(string name, DnsType type, CancellationToken cancel)
        => (await resolver.QueryAsync(name, type, cancel)).Answers
            .Where(found => found.Type == type && found.Data.Length == (type == DnsType.A ? 4 : 16))
            .Select(found => new IPAddress(found.Data.Span)).FirstOrDefault();

    private static Propagation Sum(SoughtText sought, Sight[] asked)
    {
        int seen = asked.Count(sight => sight.IsSeen);
        string lagging = string.Join("; ", asked.Where(sight => !sight.IsSeen).Take(3).Select(sight => $"{sight.Server} {sight.Why}"));
        return new Propagation(
            seen,
            asked.Length,
            lagging.Length == 0
                ? $"All {asked.Length} name servers show the TXT record {sought.Name}."
                : $"{seen} of {asked.Length} name servers show the TXT record {sought.Name}: {lagging}.")
        {
            Values = [.. asked.SelectMany(sight => sight.Values).Distinct()],
        };
    }

    private sealed record Sight(string Server, bool IsSeen, string Why)
    {
        public IReadOnlyList<string> Values { get; init; } = [];
    }
}
