namespace CertOperator.Controllers;

internal static class Samples
{
    public const string Ca = """
        apiVersion: certoperator.io/v1
        kind: Issuer
        metadata: {name: bootstrap, namespace: shop}
        spec: {selfSigned: {}}
        ---
        apiVersion: certoperator.io/v1
        kind: Certificate
        metadata: {name: root, namespace: shop}
        spec: {secretName: root, issuerRef: {name: bootstrap}, commonName: Root, isCA: true, duration: 87600h}
        ---
        apiVersion: certoperator.io/v1
        kind: Issuer
        metadata: {name: ca, namespace: shop}
        spec: {ca: {secretName: root}}
        """;

    public static string Certificate(string name, string more = "", string issuer = "ca") => $$"""
        apiVersion: certoperator.io/v1
        kind: Certificate
        metadata: {name: {{name}}, namespace: shop}
        spec: {secretName: {{name}}, issuerRef: {name: {{issuer}}}, dnsNames: [{{name}}.example.com]{{(more.Length == 0 ? "" : ", " + more)}}}
        """;

    public static string Ingress(string name, string tls, string annotations = "certoperator.io/issuer: ca") => $$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: {{name}}, namespace: shop, annotations: { {{annotations}} } }
        spec:
          tls: [{{tls}}]
          defaultBackend: {service: {name: web, port: {number: 80} } }
        """;
}
