using CertOperator.Api;

namespace CertOperator.Controllers.Sources;

/// <summary>The Certificates that an Ingress wants: one per Secret that its TLS stanzas name. Pure.</summary>
internal static class IngressReader
{
    public static SourceReading Read(Ingress ingress, IssuerRef? defaultIssuer)
    {
        if (SourceAnnotations.Ignored(ingress.Metadata) || ingress.Metadata.DeletionTimestamp is not null)
            return SourceReading.Nothing;

        var problems = new List<SourceProblem>();
        if (SourceAnnotations.Issuer(ingress.Metadata, defaultIssuer, problems) is not { } issuer)
            return new SourceReading([], problems);

        // Stanzas that share a Secret are one wish, as the ingress controllers read them.
        var hosts = new Dictionary<string, List<string>>();
        IReadOnlyList<IngressTls> stanzas = ingress.Spec?.Tls ?? [];
        for (int i = 0; i < stanzas.Count; i++)
        {
            if (Problem(stanzas[i], i) is { } problem)
                problems.Add(problem);
            else if (hosts.TryGetValue(stanzas[i].SecretName!, out List<string>? known))
                known.AddRange(stanzas[i].Hosts!);
            else
                hosts[stanzas[i].SecretName!] = [.. stanzas[i].Hosts!];
        }

        if (stanzas.Count == 0)
            problems.Add(new("NoTls", "The Ingress names an issuer but has no spec.tls: add a stanza with hosts and secretName."));

        return new SourceReading([.. hosts.Select(pair => Source(pair.Key, pair.Value))], problems);

        CertificateSource Source(string secretName, List<string> names)
        {
            var spec = new CertificateSpec
            {
                SecretName = secretName,
                IssuerRef = issuer,
                DnsNames = [.. names.Distinct(StringComparer.OrdinalIgnoreCase)],
            };
            return new CertificateSource(ingress, SourceAnnotations.Apply(spec, ingress.Metadata, problems));
        }
    }

    private static SourceProblem? Problem(IngressTls stanza, int index)
    {
        if (string.IsNullOrEmpty(stanza.SecretName))
            return new("TlsWithoutSecretName", $"spec.tls[{index}] ({string.Join(", ", (stanza.Hosts ?? []).Take(3))}) has no secretName, so no certificate can be kept for it: name a Secret.");
        return stanza.Hosts is not { Count: > 0 }
            ? new("TlsWithoutHosts", $"spec.tls[{index}] (Secret {stanza.SecretName}) has no hosts, so nobody knows what to certify: list them.")
            : null;
    }
}
