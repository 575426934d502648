using System.Text.Json.Nodes;
using CertOperator.Acceptance.Pages;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Charts;

/// <summary>
/// The life of an installation on the real API server, by the commands of the page for users. Nothing runs pods there, so
/// the published binary is run as the Deployment says, under the account that the chart makes.
/// </summary>
public class InstallTests
{
    private const string Namespace = OperatorInstallation.Namespace;
    private const string Name = "cert-operator";

    private static readonly string[] Kinds = ["certificates", "issuers", "clusterissuers"];

    /// <summary>The cluster that it is installed on.</summary>
    protected virtual ClusterVersion Version => ClusterVersion.Oldest;

    [Fact, RunsPage("docs/install.md")]
    public async Task Installing_upgrading_and_uninstalling_lose_nothing_of_the_users()
    {
        await using TestCluster cluster = await MissingPart.SkipsAsync(() => TestCluster.StartAsync(Version));
        var page = new InstallPage(cluster);

        await page.RunAsync("Helm");
        await AssertNotedAsync(page, $"kubectl rollout status deployment/{Name} -n {Namespace}", $"Secrets of ClusterIssuers belong into {Namespace}.");
        await AssertRulesAsync(cluster);
        await AssertRightsAsync(cluster);
        await ServeAsync(cluster, Namespace);
        JsonNode secret = await cluster.Admin.GetAsync(Secret);
        await page.RunAsync("Upgrading");
        await AssertRulesAsync(cluster);
        (await page.RunCommandAsync($"helm upgrade {Name} {Chart.Folder} -n {Namespace} --set crds.install=false,acme.enabled=false,replicas=1")).OrThrow();
        await AssertKeptAsync(cluster, secret);
        (await page.RunCommandAsync($"helm upgrade {Name} {Chart.Folder} -n {Namespace}")).OrThrow();
        await page.RunAsync("Uninstalling");
        await AssertGoneAsync(cluster);
        await AssertKeptAsync(cluster, secret);

        await NamespacedAsync(cluster, page);
        (await page.RunCommandAsync($"helm uninstall {Name} -n {Namespace}")).OrThrow();
        await AssertKeptAsync(cluster, secret);

        await KustomizeAsync(cluster, page);
        await AssertGoneAsync(cluster);
        await AssertKeptAsync(cluster, secret);
        await page.RunAsync("Removing everything");
        Assert.Null(await cluster.Admin.FindAsync(Definition("certificates")));
        Assert.NotNull(await cluster.Admin.FindAsync(Secret));
        Assert.Empty(page.Left);
    }

    private static string Secret => $"/api/v1/namespaces/{Namespace}/secrets/web";

    private static string Definition(string kinds) => $"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{kinds}.certoperator.io";

    /// <summary>Installs it anew for some namespaces: it serves these, and does nothing beyond them.</summary>
    private static async Task NamespacedAsync(TestCluster cluster, InstallPage page)
    {
        string[] served = ["blog", Namespace, "shop"];
        foreach (string ns in (string[])["shop", "blog", "other"])
            (await cluster.KubectlAsync(["create", "namespace", ns])).OrThrow();
        await page.RunAsync("In some namespaces only");
        await AssertNotedAsync(page, $"It works in shop, blog, {Namespace} only");
        Assert.Equal(served, (await BoundAsync(cluster)).Select(right => right.Namespace).Distinct().Order(StringComparer.Ordinal));

        await cluster.ApplyAsync(SelfSigned("other"));
        long since = cluster.AuditLog.Position;
        await ServeAsync(cluster, "shop");
        JsonNode other = await cluster.Admin.GetAsync("/apis/certoperator.io/v1/namespaces/other/certificates/web");
        Assert.Null(other["status"]);
        AuditEntry[] requests = [.. cluster.AuditLog.Read(OperatorInstallation.User, since)];
        Assert.Equal(["clusterissuers", "httproutes", "ingressclasses"], requests.Where(request => request.Code == 403).Select(request => request.Resource).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(served, requests.Where(request => request.Code != 403).Select(request => request.Namespace).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>What helm tells after an installation.</summary>
    private static async Task AssertNotedAsync(InstallPage page, params string[] sentences)
    {
        string notes = (await page.RunCommandAsync($"helm get notes {Name} -n {Namespace}")).OrThrow();
        Assert.All(sentences, sentence => Assert.Contains(sentence, notes, StringComparison.Ordinal));
    }

    /// <summary>The rules are in the definitions where the server knows of such.</summary>
    private static async Task AssertRulesAsync(TestCluster cluster)
        => Assert.Equal(cluster.Version is ClusterVersion.Current, (await cluster.Admin.GetAsync(Definition("certificates"))).ToJsonString().Contains("x-kubernetes-validations", StringComparison.Ordinal));

    /// <summary>The account is bound to the rules of <c>config/rbac/rbac.yaml</c> and to nothing else.</summary>
    private static async Task AssertRightsAsync(TestCluster cluster)
        => Assert.Equal(Right.Granted(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "config", "rbac", "rbac.yaml"))).ToHashSet(), await BoundAsync(cluster));

    private static async Task<HashSet<Right>> BoundAsync(TestCluster cluster)
    {
        const string Rbac = "/apis/rbac.authorization.k8s.io/v1";
        var bound = new HashSet<Right>();
        IEnumerable<JsonNode> bindings = [.. await cluster.Admin.ListAsync($"{Rbac}/clusterrolebindings"), .. await cluster.Admin.ListAsync($"{Rbac}/rolebindings")];
        foreach (JsonNode binding in bindings.Where(IsOfAccount))
        {
            string scope = (string?)binding["metadata"]!["namespace"] is { } ns ? $"/namespaces/{ns}/roles" : "/clusterroles";
            JsonNode role = await cluster.Admin.GetAsync($"{Rbac}{scope}/{binding["roleRef"]!["name"]}");
            bound.UnionWith(Right.Of(role));
        }

        return bound;

        static bool IsOfAccount(JsonNode binding) => (binding["subjects"]?.AsArray() ?? []).Any(subject =>
            (string?)subject!["kind"] == "ServiceAccount" && (string?)subject["namespace"] == Namespace && (string?)subject["name"] == Name);
    }

    /// <summary>Runs the operator with the arguments of the Deployment until a Certificate is ready in a namespace.</summary>
    private static async Task ServeAsync(TestCluster cluster, string ns)
    {
        await cluster.ServeDefinedAsync();
        JsonNode pod = (await cluster.Admin.GetAsync($"/apis/apps/v1/namespaces/{Namespace}/deployments/{Name}"))["spec"]!["template"]!["spec"]!;
        Assert.Equal(Name, (string?)pod["serviceAccountName"]);
        IEnumerable<string> arguments = pod["containers"]![0]!["args"]!.AsArray().Select(argument => (string)argument!);
        string kubeconfig = await cluster.ServiceAccountKubeconfigAsync(Namespace, Name);
        int port = FreePorts.Take(1)[0];
        await using OperatorProcess certOperator = await OperatorProcess.StartAsync(
            Repository.OperatorBinary,
            [.. arguments, "--kubeconfig", kubeconfig, "--listen", $"127.0.0.1:{port}", "--acme-listen", "127.0.0.1:0"],
            port,
            Path.Combine(cluster.Folder, "installed.log"),
            new Dictionary<string, string> { ["POD_NAMESPACE"] = Namespace });

        await cluster.ApplyAsync(SelfSigned(ns));
        (await cluster.KubectlAsync(["wait", "--for=condition=Ready", "certificate/web", "-n", ns, "--timeout=60s"])).OrThrow();
        Assert.Equal(0, await certOperator.StopAsync());
    }

    private static string SelfSigned(string ns) => $$"""
        apiVersion: certoperator.io/v1
        kind: Issuer
        metadata: {name: self-signed, namespace: {{ns}} }
        spec: {selfSigned: {} }
        ---
        {{Manifests.Certificate(ns, "web", issuer: "{name: self-signed}")}}
        """;

    /// <summary>kube-apiserver 1.20 is older than policy/v1, as the page says; all else is applied.</summary>
    private static async Task KustomizeAsync(TestCluster cluster, InstallPage page)
    {
        IReadOnlyList<string> commands = page.Take("Kustomize");
        CommandResult applied = await page.RunCommandAsync(commands[0]);
        string complaint = Assert.Single(applied.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.StartsWith("error:", StringComparison.Ordinal));
        Assert.Contains("\"PodDisruptionBudget\" in version \"policy/v1\"", complaint, StringComparison.Ordinal);
        Assert.NotNull(await cluster.Admin.FindAsync($"/apis/apps/v1/namespaces/{Namespace}/deployments/{Name}"));
        await AssertRightsAsync(cluster);
        (await page.RunCommandAsync(commands[1])).OrThrow();
        await page.RunAsync("Dashboards");
        Assert.NotNull(await cluster.Admin.FindAsync($"/api/v1/namespaces/{Namespace}/configmaps/{Name}-dashboards"));
        foreach (string command in commands.Skip(2))
            await page.RunCommandAsync(command);
    }

    private static async Task AssertGoneAsync(TestCluster cluster)
    {
        foreach (string path in (string[])[$"/apis/apps/v1/namespaces/{Namespace}/deployments/{Name}", $"/api/v1/namespaces/{Namespace}/serviceaccounts/{Name}", $"/api/v1/namespaces/{Namespace}/services/{Name}", $"/apis/rbac.authorization.k8s.io/v1/clusterroles/{Name}"])
            await Eventually.HoldsAsync($"{path} is gone", async () => await cluster.Admin.FindAsync(path) is null);
    }

    private static async Task AssertKeptAsync(TestCluster cluster, JsonNode secret)
    {
        foreach (string kind in Kinds)
            Assert.Null((await cluster.Admin.GetAsync(Definition(kind)))["metadata"]!["deletionTimestamp"]);
        Assert.NotNull(await cluster.Admin.FindAsync($"/apis/certoperator.io/v1/namespaces/{Namespace}/certificates/web"));
        Assert.NotNull(await cluster.Admin.FindAsync($"/apis/certoperator.io/v1/namespaces/{Namespace}/issuers/self-signed"));
        Assert.Equal(secret.ToJsonString(), (await cluster.Admin.GetAsync(Secret)).ToJsonString());
    }
}
