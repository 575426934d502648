using CertOperator.Testing.Cluster;

namespace CertOperator.Acceptance;

internal static class Manifests
{
    public const string Issuer = OperatorInstallation.Issuer;

    /// <summary>A Certificate of the ready ClusterIssuer, or of another issuer, for one host or for others.</summary>
    public static string Certificate(
        string ns, string name, string more = "", string issuer = $"{{name: {Issuer}, kind: ClusterIssuer}}", string? hosts = null) => $$"""
        apiVersion: certoperator.io/v1
        kind: Certificate
        metadata: {name: {{name}}, namespace: {{ns}} }
        spec: {secretName: {{name}}, issuerRef: {{issuer}}, dnsNames: [{{hosts ?? $"{name}.example.com"}}]{{(more.Length > 0 ? ", " : "")}}{{more}} }
        ---

        """;

    /// <summary>An Issuer "intermediate", whose CA the ClusterIssuer signed.</summary>
    public static string IntermediateCa(string ns) => $$"""
        {{Certificate(ns, "intermediate", "isCA: true, commonName: Intermediate")}}
        ---
        apiVersion: certoperator.io/v1
        kind: Issuer
        metadata: {name: intermediate, namespace: {{ns}} }
        spec: {ca: {secretName: intermediate} }
        ---

        """;

    /// <summary>An Ingress for one host, which a class of the cluster serves.</summary>
    public static string Ingress(string ns, string name, string annotations = $"certoperator.io/cluster-issuer: {Issuer}", string? tls = null) => $$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: {{name}}, namespace: {{ns}}, annotations: { {{annotations}} } }
        spec:
          ingressClassName: nginx
          tls: [{{tls ?? $"{{hosts: [{name}.example.com], secretName: {name}}}"}}]
          rules:
          - host: {{name}}.example.com
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80} } } }]}
        ---

        """;

    /// <summary>A Gateway with a listener for one host.</summary>
    public static string Gateway(string ns, string name, string annotations = $"certoperator.io/cluster-issuer: {Issuer}") => $$"""
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: {{name}}, namespace: {{ns}}, annotations: { {{annotations}} } }
        spec:
          gatewayClassName: any
          listeners: [{name: https, port: 443, protocol: HTTPS, hostname: {{name}}.example.com, tls: {certificateRefs: [{name: {{name}} }]} }]
        ---

        """;

    /// <summary>The operator's Service; without pods and a Service network it leads to loopback.</summary>
    public static string OperatorService(int port) => $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: cert-operator, namespace: {{OperatorInstallation.Namespace}} }
        spec: {type: ExternalName, externalName: localhost, ports: [{port: {{port}}, protocol: TCP}]}
        """;

    /// <summary>As many manifests as <paramref name="count"/>, named web-0 and so on.</summary>
    public static string Many(int count, Func<string, string> manifest)
        => string.Concat(Enumerable.Range(0, count).Select(number => manifest($"web-{number}")));
}
