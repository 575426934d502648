using CertOperator.Api;
using CertOperator.Audit;
using CertOperator.Pki.Requests;

namespace CertOperator.Controllers.Served;

/// <summary>What there is to ask about a Certificate: hosts that it covers and an Ingress has, at the addresses of that Ingress. Pure.</summary>
internal sealed record ServedScope
{
    /// <summary>More of a Certificate are not asked about.</summary>
    public const int MostHosts = 32;

    /// <summary>More of an Ingress are not asked.</summary>
    public const int MostAddresses = 4;

    private const int LongestAddress = 253;

    /// <summary>Each with the Ingress that it follows from.</summary>
    public IReadOnlyDictionary<ServedTarget, string> Targets { get; private init; } = new Dictionary<ServedTarget, string>();

    /// <summary>Hosts that are left out because there are too many.</summary>
    public int LeftOut { get; private init; }

    /// <summary>Why there is nothing to ask, CamelCase; null if there is.</summary>
    public string? Reason { get; private init; }

    /// <summary>The same as a sentence.</summary>
    public string? Message { get; private init; }

    /// <param name="namers">The Ingresses that name the Secret, in any order.</param>
    /// <param name="secretName">Its name.</param>
    /// <param name="names">Of the certificate in it.</param>
    /// <returns>Null if no Ingress uses the Secret.</returns>
    public static ServedScope? Of(IEnumerable<Ingress> namers, string secretName, SubjectNames names)
    {
        Ingress[] all =
        [
            .. namers.Where(ingress => ingress.Metadata.DeletionTimestamp is null && !Annotations.IsIgnored(ingress.Metadata))
                .OrderBy(ingress => ingress.Metadata.Name, StringComparer.Ordinal),
        ];
        if (all.Length == 0)
            return null;
        if (Array.TrueForAll(all, Passthrough.Is))
            return Nothing(ServedReasons.Passthrough, $"{Named(all)} passes TLS through to its backend, so the certificate in Secret {secretName} is not what it serves.");

        var hosts = (from ingress in all
                     where !Passthrough.Is(ingress)
                     from host in Covered(ingress, secretName, names)
                     select (Host: host, Ingress: ingress)).ToList();
        if (hosts.Count == 0)
            return Nothing(ServedReasons.NoHost, $"{Named(all)} names no host beside Secret {secretName} that its certificate covers: list them in spec.tls.");

        HashSet<string> asked = [.. hosts.Select(pair => pair.Host).Distinct().Take(MostHosts)];
        var targets = (from pair in hosts
                       where asked.Contains(pair.Host)
                       from address in AddressesOf(pair.Ingress)
                       select (Target: new ServedTarget(pair.Host, address), Name: pair.Ingress.Metadata.Name ?? "")).DistinctBy(pair => pair.Target).ToDictionary();
        return targets.Count == 0
            ? Nothing(ServedReasons.NoAddress, $"{Named(all)} has no address, so nobody can be asked what is served: its ingress controller has to put one into its status.")
            : new ServedScope { Targets = targets, LeftOut = hosts.Select(pair => pair.Host).Distinct().Count() - asked.Count };
    }

    private static IEnumerable<string> Covered(Ingress ingress, string secretName, SubjectNames names)
    {
        IEnumerable<string> hosts = (ingress.Spec?.Tls ?? []).Where(entry => entry.SecretName == secretName).SelectMany(entry => entry.Hosts ?? [])
            .Select(host => host.ToLowerInvariant()).Where(IsName).Distinct();
        return hosts.Except(HostCoverage.Uncovered(hosts, names));
    }

    /// <summary>A name that can be asked for; addresses cannot (RFC 6066 section 3).</summary>
    private static bool IsName(string host) => NameRules.Check(new SubjectNames { DnsNames = [host] }, null).Count == 0;

    private static IEnumerable<string> AddressesOf(Ingress ingress)
        => (ingress.Status?.LoadBalancer?.Ingress ?? []).Select(address => string.IsNullOrEmpty(address.Ip) ? address.Hostname : address.Ip)
            .OfType<string>().Where(address => address.Length is > 0 and <= LongestAddress).Distinct().Take(MostAddresses);

    private static ServedScope Nothing(string reason, string message) => new() { Reason = reason, Message = message };

    private static string Named(Ingress[] all) => all.Length == 1 ? $"Ingress {all[0].Metadata.Name}" : $"Each of the {all.Length} Ingresses, {all[0].Metadata.Name} among them,";
}
