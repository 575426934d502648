using CertOperator.Api;
using CertOperator.Pki.Requests;

namespace CertOperator.Controllers.Sources;

/// <summary>The Certificates that an Ingress wants: one per Secret that its TLS stanzas name. Pure.</summary>
internal static class IngressReader
{
    public static SourceReading Read(Ingress ingress, IssuerRef? defaultIssuer)
    {
        if (Annotations.IsIgnored(ingress.Metadata) || ingress.Metadata.DeletionTimestamp is not null)
            return SourceReading.Nothing;

        var problems = new List<SourceProblem>();
        IReadOnlyList<IngressTls> stanzas = ingress.Spec?.Tls ?? [];
        string[] named = [.. stanzas.Select(stanza => stanza.SecretName).OfType<string>().Distinct()];
        if (SourceAnnotations.Issuer(ingress.Metadata, defaultIssuer, problems) is not { } issuer)
            return new SourceReading([], problems, problems.Count == 0 ? [] : named);

        if (stanzas.Count == 0)
            problems.Add(new("NoTls", "The Ingress names an issuer but has no spec.tls: add an entry with hosts and secretName."));
        problems.AddRange(stanzas.Select(Problem).OfType<SourceProblem>());

        CertificateSpec common = SourceAnnotations.Apply(new CertificateSpec { SecretName = "", IssuerRef = issuer }, ingress.Metadata, problems);
        var wanted = new List<CertificateSource>();
        // Stanzas that share a Secret are one wish, as the ingress controllers read them.
        foreach (var stanza in stanzas.Where((stanza, i) => Problem(stanza, i) is null).GroupBy(stanza => stanza.SecretName!))
        {
            string[] names = [.. stanza.SelectMany(one => one.Hosts!).Concat(common.DnsNames ?? []).Distinct(StringComparer.OrdinalIgnoreCase)];
            if (TooMany(stanza.Key, names) is { } problem)
                problems.Add(problem);
            else
                wanted.Add(new CertificateSource(ingress, common with { SecretName = stanza.Key, DnsNames = names }));
        }

        return new SourceReading(wanted, problems, [.. named.Except(wanted.Select(source => source.Spec.SecretName))]);
    }

    private static SourceProblem? Problem(IngressTls stanza, int index)
    {
        if (string.IsNullOrEmpty(stanza.SecretName))
            return new("TlsWithoutSecretName", $"spec.tls[{index}] ({string.Join(", ", (stanza.Hosts ?? []).Take(3))}) has no secretName, so no certificate can be kept for it: name a Secret.");
        return stanza.Hosts is not { Count: > 0 }
            ? new("TlsWithoutHosts", $"spec.tls[{index}] (Secret {stanza.SecretName}) has no hosts, so nobody knows what to certify: list them.")
            : null;
    }

    private static SourceProblem? TooMany(string secretName, string[] names) => names.Length <= NameRules.MaxNames
        ? null
        : new("TooManyHosts", $"spec.tls asks for {names.Length} hosts in the Secret {secretName}, and one certificate holds at most {NameRules.MaxNames}: spread them over several entries of spec.tls, each with a secretName of its own. Until then its certificate stays as it is.");
}
