using CertOperator.Secrets;

namespace CertOperator.Controllers.Served;

/// <summary>What a person reads about a target that is not served as it should be. Pure.</summary>
internal static class ServedSentences
{
    /// <summary>Another certificate is served.</summary>
    /// <param name="target">Who was asked for what.</param>
    /// <param name="sighting">With what is served.</param>
    /// <param name="ingress">Name of the Ingress that has the host.</param>
    /// <param name="secret">Name of the Secret.</param>
    /// <param name="stored">The certificate in it.</param>
    /// <param name="owner">Names the Secret that holds the certificate with a fingerprint.</param>
    public static string Mismatch(ServedTarget target, Sighting sighting, string ingress, string secret, CertificateFacts stored, Func<string, string?> owner)
    {
        ServedLeaf leaf = sighting.Leaf!;
        return $"{Place(target, sighting)}, the address of Ingress {ingress}, serves for {target.Host} the certificate with serial {leaf.SerialNumber} ({Names(leaf)}, issued by {Issuer(leaf)}, "
            + $"{(leaf.NotAfter < sighting.At ? "expired since" : "valid until")} {leaf.NotAfter:u}), while Secret {secret} holds the one with serial {stored.SerialNumber}. {Cause(leaf, secret, stored, owner(leaf.Fingerprint))}";
    }

    /// <summary>No certificate was seen.</summary>
    public static string Unseen(ServedTarget target, Sighting sighting, string ingress, ServedOptions options)
    {
        string place = $"{Place(target, sighting)}, the address of Ingress {ingress},";
        return sighting.Outcome switch
        {
            SightingOutcome.Refused => $"{place} refuses connections to port {options.Port}, so what is served for {target.Host} is not known: see whether the ingress controller runs and listens there.",
            SightingOutcome.TimedOut => $"{place} does not answer on port {options.Port} within {options.Deadline.TotalSeconds:0} s, so what is served for {target.Host} is not known: open it to the operator in firewalls and network policies. Some load balancers cannot be reached from within their own cluster; then do not verify.",
            SightingOutcome.NoRoute => $"There is no route from the operator to {place} so what is served for {target.Host} is not known.",
            SightingOutcome.NoTls => $"{place} breaks off the TLS handshake for {target.Host} on port {options.Port}, so what is served is not known: see whether TLS is spoken there and the host is known. An ingress controller that expects the PROXY protocol refuses connections from within the cluster.",
            SightingOutcome.NotResolved => $"{PeerText.Of(target.Address)}, the address of Ingress {ingress}, does not resolve, so what is served for {target.Host} is not known: look at the cluster's DNS, and at who writes the status of the Ingress.",
            _ => $"{place} is one that the operator does not connect to (loopback, link-local, multicast or metadata), so what is served for {target.Host} is not known: have the ingress controller report an address that clients use.",
        };
    }

    private static string Cause(ServedLeaf leaf, string secret, CertificateFacts stored, string? owner)
    {
        if (owner is not null)
            return $"It is that of {owner}: another Ingress has this host, or the ingress controller serves that Secret by default. Let one Ingress have the host.";
        if (!leaf.IsForHost)
            return "It is not for this host, so the ingress controller serves its default certificate: it does not know the host, or cannot use the Secret. Look at the class of the Ingress, at its events and at the controller's log.";
        return leaf.NotBefore <= stored.NotBefore && IsForSameNames(leaf, stored)
            ? $"It is an earlier one for the same names: the ingress controller has not taken up Secret {secret} since. Look at its log, and restart it if that does not help; or a load balancer in front of it ends TLS with a copy."
            : "It is for this host and from elsewhere: a load balancer or another proxy in front of the ingress controller ends TLS with a certificate of its own. Store this one there, or have it pass TLS on.";
    }

    private static bool IsForSameNames(ServedLeaf leaf, CertificateFacts stored) => leaf.NameCount == stored.Names.Count && leaf.Names.All(name =>
        stored.Names.DnsNames.Contains(name, StringComparer.OrdinalIgnoreCase) || stored.Names.IpAddresses.Contains(name, StringComparer.OrdinalIgnoreCase));

    private static string Place(ServedTarget target, Sighting sighting)
        => sighting.Address?.ToString() is { } address && address != target.Address ? $"{address} of {PeerText.Of(target.Address)}" : PeerText.Of(target.Address);

    private static string Names(ServedLeaf leaf) => leaf.NameCount switch
    {
        0 => $"for no name, {(leaf.Subject.Length > 0 ? leaf.Subject : "without a subject")}",
        _ when leaf.NameCount > leaf.Names.Count => $"for {string.Join(", ", leaf.Names)} and {leaf.NameCount - leaf.Names.Count} more",
        _ => $"for {string.Join(", ", leaf.Names)}",
    };

    private static string Issuer(ServedLeaf leaf) => leaf.Issuer.Length == 0 ? "nobody named" : leaf.IsSelfIssued ? "itself" : leaf.Issuer;
}
