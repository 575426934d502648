using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers;

/// <summary>Whether anybody serves an Ingress, as far as its class tells; the Secret is made in any case.</summary>
public class IngressClassTests
{
    private const string Issuer = "certoperator.io/issuer: ca";
    private const string OlderNginx = Issuer + ", kubernetes.io/ingress.class: nginx";

    [Theory]
    [InlineData("nginx", Issuer, "nginx", false, null)]
    [InlineData(null, OlderNginx, "nginx", false, null)]
    [InlineData(null, Issuer, "nginx", true, null)]
    [InlineData("traefik", Issuer, "nginx", true, "ClassNotServed")]
    [InlineData(null, Issuer + ", kubernetes.io/ingress.class: traefik", "nginx", true, "ClassNotServed")]
    [InlineData("traefik", OlderNginx, "nginx", true, "ClassNotServed")]
    [InlineData(null, Issuer, "nginx", false, "NoClass")]
    public async Task The_class_is_found_by_name_by_the_older_annotation_or_by_default(
        string? className, string annotations, string servedClass, bool isDefault, string? reason)
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Class(servedClass, isDefault));
        await world.SettleAsync();
        world.Apply(Ingress(className, annotations));
        await world.SettleAsync();

        string[] found = [.. world.EventReasons("Ingress", "web").Where(told => told is "ClassNotServed" or "NoClass")];
        Assert.Equal(reason is null ? [] : [reason], found);
        Assert.NotNull(await world.FindSecretAsync("a"));
    }

    [Fact]
    public async Task The_classes_that_there_are_are_named()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Class("nginx", isDefault: false));
        await world.SettleAsync();
        world.Apply(Ingress("ngnix", Issuer));
        await world.SettleAsync();
        string message = Assert.Single(world.Events("Ingress", "web"), told => told.Reason == "ClassNotServed").Message;
        Assert.Contains("\"ngnix\"", message, StringComparison.Ordinal);
        Assert.Contains("the cluster has nginx", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_proves_that_somebody_serves_it()
    {
        await using var world = new World();
        world.Apply(Samples.Ca);
        world.Apply(Ingress("traefik", Issuer));
        world.Cluster.Patch(
            Api.Ingress.Type, new ObjectKey("shop", "web"), JsonNode.Parse("""{"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}}""")!.AsObject(), "status");
        await world.SettleAsync();
        Assert.DoesNotContain("ClassNotServed", world.EventReasons("Ingress", "web"));
    }

    [Fact]
    public async Task A_class_that_appears_later_ends_the_complaint()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Ingress("nginx", Issuer));
        await world.SettleAsync();
        Assert.Contains("ClassNotServed", world.AuditCodes("web"));

        world.Apply(Class("nginx", isDefault: false));
        await world.SettleAsync();
        Assert.Empty(world.AuditCodes("web"));
    }

    private static string Ingress(string? className, string annotations)
    {
        string manifest = Samples.Ingress("web", "{hosts: [a.example.com], secretName: a}", annotations);
        return className is null ? manifest : $"{manifest}\n  ingressClassName: {className}";
    }

    private static string Class(string name, bool isDefault) => $$"""
        apiVersion: networking.k8s.io/v1
        kind: IngressClass
        metadata: {name: {{name}}, annotations: {ingressclass.kubernetes.io/is-default-class: "{{(isDefault ? "true" : "false")}}"} }
        spec: {controller: example.com/{{name}}}
        """;
}
