using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Dns;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Acme;

/// <summary>
/// A DNS webhook behind the aggregation layer of the API server, under the right that an administrator gives the operator for it.
/// There is no Service network, so its Service is one of type ExternalName.
/// </summary>
[Collection(OperatorTestGroup.Name)]
public sealed class WebhookTests(OperatorFixture fixture)
{
    private const string ApiServices = "/apis/apiregistration.k8s.io/v1/apiservices";
    private const string ApiService = $"v1alpha1.{DnsWebhook.Group}";

    [Fact]
    public async Task A_webhook_made_for_cert_manager_solves_the_challenge()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        await using AcmeNamespace acme = await AcmeNamespace.CreateAsync(installation);
        await using KnotServer zones = await KnotServer.StartAsync(new DnsZone("example.com"));
        await using PebbleServer pebble = await PebbleServer.StartAsync();
        await using DnsWebhook webhook = await DnsWebhook.StartAsync($"webhook.{acme.Name}.svc", request => SolveAsync(pebble.Challenges, request));
        await RegisterAsync(installation, acme, webhook);
        await using OperatorProcess certOperator = await installation.StartAsync();

        await acme.AddIssuerAsync("acme", pebble, $$"""
            {dns01: {
              nameservers: ["{{zones.Endpoint}}"], propagation: {check: None},
              webhook: {groupName: {{DnsWebhook.Group}}, solverName: {{DnsWebhook.Solver}}, config: {tier: gold} } } }
            """);
        await acme.ApplyAsync(Manifests.Certificate(acme.Name, "web", issuer: "{name: acme}"));
        await installation.ReadyAsync(acme.Name);

        await acme.VerifiedAsync("web", pebble, "web.example.com");
        Assert.Empty(await DnsQuery.TextsAsync(pebble.Challenges.Dns, "_acme-challenge.web.example.com"));
        Assert.Equal(["Present", "CleanUp"], webhook.Requests.Select(call => (string?)call.Request["action"]).Distinct());
        Assert.All(webhook.Requests, call =>
        {
            Assert.Equal("system:serviceaccount:cert-operator:cert-operator", call.User);
            Assert.Equal("gold", (string?)call.Request["config"]!["tier"]);
            Assert.Equal(acme.Name, (string?)call.Request["resourceNamespace"]);
        });
    }

    private static Task SolveAsync(ChallengeTestServer dns, JsonObject request)
    {
        string name = (string)request["resolvedFQDN"]!;
        return (string?)request["action"] == "Present" ? dns.AddTextAsync(name, (string)request["key"]!) : dns.ClearTextsAsync(name);
    }

    /// <summary>What a webhook's own manifests do, and then the wait until the API server passes on to it and lets the operator through.</summary>
    private static async Task RegisterAsync(OperatorInstallation installation, AcmeNamespace acme, DnsWebhook webhook)
    {
        await acme.ApplyAsync($$"""
            apiVersion: v1
            kind: Service
            metadata: {name: webhook, namespace: {{acme.Name}} }
            spec: {type: ExternalName, externalName: localhost, ports: [{port: {{webhook.Port}}, protocol: TCP}]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: test-dns-webhook}
            rules: [{apiGroups: [{{DnsWebhook.Group}}], resources: [{{DnsWebhook.Solver}}], verbs: [create]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: test-dns-webhook}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: test-dns-webhook}
            subjects: [{kind: ServiceAccount, name: cert-operator, namespace: {{OperatorInstallation.Namespace}} }]
            """);
        acme.Own($"{ApiServices}/{ApiService}");
        // Not applied with the others: this API server fails over a server-side apply of its own kind.
        await acme.Cluster.Admin.CreateAsync(ApiServices, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = ApiService },
            ["spec"] = new JsonObject
            {
                ["group"] = DnsWebhook.Group,
                ["version"] = "v1alpha1",
                ["groupPriorityMinimum"] = 1000,
                ["versionPriority"] = 15,
                ["caBundle"] = Convert.ToBase64String(Encoding.ASCII.GetBytes(webhook.Authorities)),
                ["service"] = new JsonObject { ["name"] = "webhook", ["namespace"] = acme.Name, ["port"] = webhook.Port },
            },
        });
        await Eventually.HoldsAsync("the webhook's API is available", async () =>
            (await acme.Cluster.Admin.GetAsync($"{ApiServices}/{ApiService}"))["status"]?["conditions"]?.AsArray()
                .Any(condition => (string?)condition!["type"] == "Available" && (string?)condition["status"] == "True") == true);
        await Eventually.HoldsAsync("the operator may call the webhook", () => installation.MayAsync(DnsWebhook.Group, DnsWebhook.Solver, "create"));
    }
}
