using CertOperator.Api;

namespace CertOperator.Controllers.Sources;

/// <summary>The Certificates that an Ingress wants: one per Secret that its TLS stanzas name. Pure.</summary>
internal static class IngressReader
{
    private static readonly SourceProblem NoTls = new("NoTls", "The Ingress names an issuer but has no spec.tls: add an entry with hosts and secretName.");

    public static SourceReading Read(Ingress ingress, IssuerRef? defaultIssuer)
    {
        IReadOnlyList<IngressTls> stanzas = ingress.Spec?.Tls ?? [];
        return TlsReader.Read(ingress, defaultIssuer, new TlsParts(
            "spec.tls",
            Usable: [.. stanzas.Where((stanza, index) => Problem(stanza, index) is null)],
            Named: [.. stanzas.Select(stanza => stanza.SecretName).OfType<string>().Distinct()],
            Problems: stanzas.Count == 0 ? [NoTls] : [.. stanzas.Select(Problem).OfType<SourceProblem>()]));
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
