using System.Net;
using System.Text.Json.Nodes;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance;

public sealed class ClusterTests(ClusterFixture fixture)
{
    [Fact]
    public async Task The_API_server_is_the_version_that_the_tests_are_written_for()
    {
        var cluster = await fixture.GetAsync();

        var version = await cluster.Admin.GetAsync("/version");

        Assert.Equal("v1.20.2", (string?)version["gitVersion"]);
    }

    [Fact]
    public async Task Each_namespace_has_a_name_of_its_own()
    {
        var cluster = await fixture.GetAsync();

        var first = await cluster.CreateNamespaceAsync();
        var second = await cluster.CreateNamespaceAsync();

        Assert.NotEqual(first, second);
        Assert.NotNull(await cluster.Admin.FindAsync($"/api/v1/namespaces/{first}"));
        Assert.NotNull(await cluster.Admin.FindAsync($"/api/v1/namespaces/{second}"));
    }

    [Fact]
    public async Task A_service_account_may_only_do_what_RBAC_grants_it()
    {
        var cluster = await fixture.GetAsync();
        var ns = await cluster.CreateNamespaceAsync();
        using var account = await cluster.ServiceAccountAsync(ns, "reader");
        await cluster.ApplyAsync(ReaderOfConfigMaps, ns);

        await Eventually.HoldsAsync("the role is in force", () => MayListAsync(account, $"/api/v1/namespaces/{ns}/configmaps"));
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => account.ListAsync($"/api/v1/namespaces/{ns}/secrets"));

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task A_kubeconfig_of_a_service_account_lets_kubectl_in_as_that_account()
    {
        var cluster = await fixture.GetAsync();
        var ns = await cluster.CreateNamespaceAsync();
        var kubeconfig = await cluster.ServiceAccountKubeconfigAsync(ns, "nobody");

        var result = await cluster.KubectlAsync(["--kubeconfig", kubeconfig, "-n", ns, "get", "secrets"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"User \"{AuditLog.UserName(ns, "nobody")}\" cannot list", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_log_holds_every_request_of_a_service_account_and_none_of_the_administrator()
    {
        var cluster = await fixture.GetAsync();
        var ns = await cluster.CreateNamespaceAsync();
        using var account = await cluster.ServiceAccountAsync(ns, "audited");
        var since = cluster.AuditLog.Position;

        await Assert.ThrowsAsync<HttpRequestException>(() => account.CreateAsync($"/api/v1/namespaces/{ns}/configmaps", Named("mine")));
        await cluster.Admin.CreateAsync($"/api/v1/namespaces/{ns}/configmaps", Named("theirs"));

        var user = AuditLog.UserName(ns, "audited");
        var entry = Assert.Single(cluster.AuditLog.Read(user, since));
        Assert.Equal(new AuditEntry(user, "create", "", "configmaps", "", ns, "", 403), entry);
        Assert.True(entry.IsWrite);
        Assert.Empty(cluster.AuditLog.Read("admin"));
    }

    [Fact]
    public async Task A_dependent_is_collected_when_its_owner_is_deleted()
    {
        var cluster = await fixture.GetAsync();
        var configMaps = $"/api/v1/namespaces/{await cluster.CreateNamespaceAsync()}/configmaps";
        var owner = await cluster.Admin.CreateAsync(configMaps, Named("owner"));
        await cluster.Admin.CreateAsync(configMaps, OwnedBy(owner, Named("dependent")));
        await cluster.Admin.CreateAsync(configMaps, Named("bystander"));

        await cluster.Admin.DeleteAsync($"{configMaps}/owner");

        await Eventually.HoldsAsync("the dependent is gone", async () => await cluster.Admin.FindAsync($"{configMaps}/dependent") is null);
        Assert.NotNull(await cluster.Admin.FindAsync($"{configMaps}/bystander"));
    }

    private const string ReaderOfConfigMaps = """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata:
          name: reader
        rules:
        - apiGroups: [""]
          resources: ["configmaps"]
          verbs: ["list"]
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata:
          name: reader
        roleRef:
          apiGroup: rbac.authorization.k8s.io
          kind: Role
          name: reader
        subjects:
        - kind: ServiceAccount
          name: reader
        """;

    private static async Task<bool> MayListAsync(ClusterClient client, string path)
    {
        try
        {
            await client.ListAsync(path);
            return true;
        }
        catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.Forbidden)
        {
            return false;
        }
    }

    private static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };

    private static JsonObject OwnedBy(JsonNode owner, JsonObject item)
    {
        item["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["name"] = owner["metadata"]!["name"]!.DeepClone(),
            ["uid"] = owner["metadata"]!["uid"]!.DeepClone(),
        });
        return item;
    }
}
