using CertOperator.Api;

namespace CertOperator.Audit;

/// <summary>How the known controllers are told to pass TLS through to the backend, which then needs no Secret of the Ingress.</summary>
internal static class Passthrough
{
    private static readonly string[] Words = [Annotations.True, "enabled", "passthrough"];

    /// <summary>ingress-nginx and its like, HAProxy Technologies, haproxy-ingress, Traefik, Cilium, OpenShift.</summary>
    private static readonly string[] Names =
    [
        "nginx.ingress.kubernetes.io/ssl-passthrough", "ingress.kubernetes.io/ssl-passthrough", "haproxy.org/ssl-passthrough",
        "haproxy-ingress.github.io/ssl-passthrough", "traefik.ingress.kubernetes.io/router.tls.passthrough", "ingress.cilium.io/tls-passthrough",
        "route.openshift.io/termination",
    ];

    public static bool Is(Ingress ingress)
        => Array.Exists(Names, name => Annotations.Value(ingress.Metadata, name) is { } value && Words.Contains(value, StringComparer.OrdinalIgnoreCase));
}
