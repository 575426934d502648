using System.Text.Json.Nodes;
using CertOperator.Testing.Cluster;

namespace CertOperator.Benchmarks;

/// <summary>What users create: Certificates, or annotated Ingresses that lead to them. One host and one Secret each.</summary>
internal sealed class Workload(TestCluster cluster, string issuer, string source)
{
    public const string Certificate = "certificate";
    public const string Ingress = "ingress";

    /// <summary>The IngressClass that <see cref="PrepareAsync"/> makes.</summary>
    public const string ClassName = "benchmark";

    private static readonly string IngressClass = $$"""
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: {{ClassName}}}
        spec: {controller: example.com/benchmark}
        """;

    /// <summary>The name of the object of this number, and of its Secret.</summary>
    public static string Name(int number) => $"web-{number:D5}";

    /// <summary>The host that the certificate of this name is for.</summary>
    public static string Host(string name) => $"{name}.example.com";

    /// <summary>Makes a namespace, and an IngressClass: without one each Ingress would earn a warning.</summary>
    public async Task<string> PrepareAsync()
    {
        await cluster.ApplyAsync(IngressClass);
        return await cluster.CreateNamespaceAsync("benchmark");
    }

    /// <summary>Creates one object; its Certificate and its Secret have the same name.</summary>
    public Task CreateAsync(string ns, string name) => source == Ingress
        ? cluster.Admin.CreateAsync($"/apis/networking.k8s.io/v1/namespaces/{ns}/ingresses", NewIngress(name))
        : cluster.Admin.CreateAsync($"/apis/certoperator.io/v1/namespaces/{ns}/certificates", NewCertificate(name));

    private JsonObject NewCertificate(string name) => new()
    {
        ["apiVersion"] = "certoperator.io/v1",
        ["kind"] = "Certificate",
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = new JsonObject
        {
            ["secretName"] = name,
            ["issuerRef"] = new JsonObject { ["kind"] = "ClusterIssuer", ["name"] = issuer },
            ["dnsNames"] = new JsonArray(Host(name)),
        },
    };

    private JsonObject NewIngress(string name) => new()
    {
        ["apiVersion"] = "networking.k8s.io/v1",
        ["kind"] = "Ingress",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["annotations"] = new JsonObject { ["certoperator.io/cluster-issuer"] = issuer },
        },
        ["spec"] = new JsonObject
        {
            ["ingressClassName"] = ClassName,
            ["tls"] = new JsonArray(new JsonObject { ["hosts"] = new JsonArray(Host(name)), ["secretName"] = name }),
            ["defaultBackend"] = new JsonObject
            {
                ["service"] = new JsonObject { ["name"] = "backend", ["port"] = new JsonObject { ["number"] = 80 } },
            },
        },
    };
}
