using CertOperator.Api;

namespace CertOperator.Controllers.Sources;

/// <summary>The Certificates that a Gateway wants: one per Secret that its listeners name which terminate TLS. Pure.</summary>
internal static class GatewayReader
{
    private static readonly SourceProblem NoTls = new(
        "NoTls", "The Gateway names an issuer, and no listener terminates TLS: give one a hostname, tls.mode Terminate, and the name of a Secret in tls.certificateRefs.");

    public static SourceReading Read(Gateway gateway, IssuerRef? defaultIssuer)
    {
        var usable = new List<IngressTls>();
        var named = new List<string>();
        var problems = new List<SourceProblem>();
        int terminating = 0;
        foreach (var (index, listener) in (gateway.Spec?.Listeners ?? []).OfType<GatewayListener>().Index())
        {
            if (listener.Tls is not { Mode: null or "Terminate" } tls)
                continue;
            terminating++;
            string place = $"spec.listeners[{index}] ({listener.Name})";
            string[] secrets = [.. Secrets(gateway, tls, place, problems)];
            named.AddRange(secrets);
            if (string.IsNullOrEmpty(listener.Hostname))
                problems.Add(new("ListenerWithoutHostname", $"{place} takes every name, so nobody knows what to certify: give it a hostname."));
            else
                usable.AddRange(secrets.Select(secret => new IngressTls { Hosts = [listener.Hostname], SecretName = secret }));
        }

        return TlsReader.Read(gateway, defaultIssuer, new TlsParts("spec.listeners", usable, [.. named.Distinct()], terminating == 0 ? [NoTls] : problems));
    }

    /// <summary>The names of those that can be filled for the Gateway.</summary>
    private static IEnumerable<string> Secrets(Gateway gateway, GatewayTls tls, string place, List<SourceProblem> problems)
    {
        if (tls.CertificateRefs is not { Count: > 0 } references)
            problems.Add(new("ListenerWithoutSecret", $"{place} terminates TLS without tls.certificateRefs, so no certificate can be kept for it: name a Secret."));
        else
        {
            foreach (GatewayCertificateRef reference in references.OfType<GatewayCertificateRef>())
            {
                if (Problem(gateway, reference, place) is { } problem)
                    problems.Add(problem);
                else
                    yield return reference.Name!;
            }
        }
    }

    private static SourceProblem? Problem(Gateway gateway, GatewayCertificateRef reference, string place)
    {
        if (reference is not { Group: null or "", Kind: null or "Secret", Name.Length: > 0 })
            return new("CertificateRefNotSecret", $"{place} refers to {reference.Kind} {reference.Name} of the group \"{reference.Group}\", and only Secrets are filled: name a Secret in tls.certificateRefs.");
        return reference.Namespace is { } other && other != gateway.Metadata.Namespace
            ? new("SecretElsewhere", $"{place} names the Secret {reference.Name} in the namespace {other}, and certificates are made beside the Gateway: leave out the namespace, or apply a Certificate in {other}, whose ReferenceGrant lets the Gateway use it.")
            : null;
    }
}
