using System.Text.Json.Nodes;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Charts;

/// <summary>What the chart makes of its values.</summary>
public sealed class ChartTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// <summary>Values, and the objects that they add to the defaults (+) or take from them (-).</summary>
    public static TheoryData<string, string> Matrix => new()
    {
        { "", "" },
        { "replicas=1", "-PodDisruptionBudget" },
        { "replicas=1,leaderElection.enabled=false", "-PodDisruptionBudget -Role -RoleBinding" },
        { "podDisruptionBudget.enabled=false", "-PodDisruptionBudget" },
        { "networkPolicy.enabled=false", "-NetworkPolicy" },
        { "networkPolicy.apiServerCidrs={10.0.0.1/32},networkPolicy.extraEgress[0].ports[0].port=8081", "" },
        { "crds.install=false", "-CustomResourceDefinition" },
        { "rbac.create=false", "-ClusterRole -ClusterRoleBinding -Role -RoleBinding" },
        { "serviceAccount.create=false,serviceAccount.name=other", "-ServiceAccount" },
        { "serviceAccount.annotations.team=shop,podAnnotations.team=shop,podLabels.team=shop", "" },
        { "metrics.serviceMonitor.enabled=true,metrics.serviceMonitor.labels.team=shop", "+ServiceMonitor" },
        { "metrics.prometheusRule.enabled=true,metrics.prometheusRule.groups[0].name=certificates", "+PrometheusRule" },
        { "acme.enabled=true", "" },
        { "fullnameOverride=certificates", "" },
        { $"image.repository=registry.example/cert-operator,image.digest={Digest},imagePullSecrets[0].name=registry", "" },
        { "defaultIssuer=ClusterIssuer/company-ca,clusterDomain=example.internal,workers=4,log.level=Debug,log.json=true,extraArgs={--listen=0.0.0.0:8080}", "" },
        { "extraEnv[0].name=HTTPS_PROXY,extraEnv[0].value=proxy,priorityClassName=system-cluster-critical,nodeSelector.team=shop,tolerations[0].operator=Exists", "" },
        { "topologySpreadConstraints=null,resources.limits.memory=512Mi,affinity.nodeAffinity.a=b", "" },
    };

    [Fact]
    public async Task Helm_has_no_complaint()
        => Assert.Contains("0 chart(s) failed", (await Chart.HelmAsync("lint", "--strict", Chart.Folder)).OrThrow(), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Whatever_the_values_the_objects_fit_together(string values, string difference)
    {
        IReadOnlyList<JsonObject> items = await Chart.RenderAsync(values);
        HashSet<string> expected = [.. (await Chart.RenderAsync()).Select(Chart.Kind)];
        foreach (string change in difference.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            Assert.True(change[0] == '+' ? expected.Add(change[1..]) : expected.Remove(change[1..]));
        Assert.Equal(expected.Order(), items.Select(Chart.Kind).Distinct().Order());

        JsonObject deployment = Chart.Single(items, "Deployment");
        JsonObject pod = deployment["spec"]!["template"]!["spec"]!.AsObject();
        JsonNode container = Assert.Single(pod["containers"]!.AsArray())!;
        AssertRestricted(pod, container);
        AssertSelected(items, deployment["spec"]!["template"]!["metadata"]!["labels"]!.AsObject());
        Assert.Empty(Composition.Create().Parse([.. container["args"]!.AsArray().Select(argument => (string)argument!)]).Errors);
        string[] ports = [.. container["ports"]!.AsArray().Select(port => (string)port!["name"]!)];
        Assert.Equal(ports, Chart.Single(items, "Service")["spec"]!["ports"]!.AsArray().Select(port => (string)port!["targetPort"]!));
        foreach (JsonNode subject in items.SelectMany(item => item["subjects"]?.AsArray() ?? []).Select(subject => subject!))
            Assert.Equal((string?)pod["serviceAccountName"], (string?)subject["name"]);
        Assert.All(items.Where(item => item["metadata"]!["namespace"] is not null), item => Assert.Equal(OperatorInstallation.Namespace, (string?)item["metadata"]!["namespace"]));
    }

    [Theory]
    [InlineData("replicas=two", "'/replicas'")]
    [InlineData("replicas=-1", "'/replicas'")]
    [InlineData("replica=3", "'replica'")]
    [InlineData("image.pullPolicy=Sometimes", "'/image/pullPolicy'")]
    [InlineData("image.digest=sha256:short", "'/image/digest'")]
    [InlineData("log.level=Loud", "'/log/level'")]
    [InlineData("workers=0", "'/workers'")]
    [InlineData("acme.enabled=maybe", "'/acme/enabled'")]
    [InlineData("defaultIssuer=company-ca", "'/defaultIssuer'")]
    [InlineData("networkPolicy.apiServerPorts={70000}", "'/networkPolicy/apiServerPorts/0'")]
    [InlineData("networkPolicy.apiServerCidrs={10.0.0.1}", "'/networkPolicy/apiServerCidrs/0'")]
    [InlineData("metrics.prometheusRule.enabled=true", "'/metrics/prometheusRule/groups'")]
    [InlineData("metrics.serviceMonitor.interval=often", "'/metrics/serviceMonitor/interval'")]
    [InlineData("replicas=2,leaderElection.enabled=false", "leaderElection.enabled")]
    public async Task A_bad_value_is_named(string values, string named)
    {
        CommandResult refused = await Chart.TryRenderAsync(values);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains(named, refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rights_are_those_of_config()
    {
        IEnumerable<Right> shipped = Right.Granted(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "config", "rbac", "rbac.yaml")));
        Assert.Equal(shipped.ToHashSet(), (await Chart.RenderAsync()).SelectMany(Right.Of).ToHashSet());
        Right[] alone = [.. (await Chart.RenderAsync("replicas=1,leaderElection.enabled=false")).SelectMany(Right.Of)];
        Assert.Equal(shipped.Where(right => right.Resource != "leases").ToHashSet(), [.. alone]);
    }

    [Fact]
    public async Task The_network_is_as_open_as_the_features_in_use()
    {
        Assert.Equal("in 8080 from; out 443; out 6443", await OpenAsync(""));
        Assert.Equal("in 8080 from; in 8089; out 443 to; out 53; out 53; out 80; out 443", await OpenAsync("acme.enabled=true,networkPolicy.apiServerPorts={443},networkPolicy.apiServerCidrs={10.0.0.1/32}"));

        static async Task<string> OpenAsync(string values)
        {
            JsonNode spec = Chart.Single(await Chart.RenderAsync(values), "NetworkPolicy")["spec"]!;
            return string.Join("; ", Ports(spec["ingress"]!, "in").Concat(Ports(spec["egress"]!, "out")));
        }

        static IEnumerable<string> Ports(JsonNode rules, string way) =>
            from rule in rules.AsArray()
            from port in rule["ports"]!.AsArray()
            select $"{way} {port["port"]}{(rule["from"] is null ? "" : " from")}{(rule["to"] is null ? "" : " to")}";
    }

    [Theory]
    [InlineData("cert-operator", "", "cert-operator")]
    [InlineData("shop", "", "shop-cert-operator")]
    [InlineData("shop", "fullnameOverride=certificates", "certificates")]
    public async Task Objects_are_named_for_the_release(string release, string values, string name)
        => Assert.All(
            (await Chart.RenderAsync(values, release)).Where(item => Chart.Kind(item) != "CustomResourceDefinition"),
            item => Assert.StartsWith(name, (string)item["metadata"]!["name"]!, StringComparison.Ordinal));

    /// <summary>By the Pod Security Standard "restricted", and a root file system that cannot be written.</summary>
    private static void AssertRestricted(JsonObject pod, JsonNode container)
    {
        Assert.True((bool)pod["securityContext"]!["runAsNonRoot"]!);
        Assert.NotEqual(0, (long)pod["securityContext"]!["runAsUser"]!);
        Assert.Equal("RuntimeDefault", (string?)pod["securityContext"]!["seccompProfile"]!["type"]);
        Assert.Equal(
            """{"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"capabilities":{"drop":["ALL"]}}""", container["securityContext"]!.ToJsonString());
        Assert.All(["hostNetwork", "hostPID", "hostIPC", "volumes"], field => Assert.Null(pod[field]));
    }

    private static void AssertSelected(IEnumerable<JsonObject> items, JsonObject labels)
    {
        JsonNode?[] selectors = [.. items.SelectMany(Selectors).Where(selector => selector is not null)];
        Assert.True(selectors.Length >= 2);
        Assert.All(selectors.SelectMany(selector => selector!.AsObject()), label => Assert.Equal((string?)label.Value, (string?)labels[label.Key]));

        static IEnumerable<JsonNode?> Selectors(JsonObject item) => Chart.Kind(item) switch
        {
            "Service" => [item["spec"]!["selector"]],
            "NetworkPolicy" => [item["spec"]!["podSelector"]!["matchLabels"]],
            "PodDisruptionBudget" => [item["spec"]!["selector"]!["matchLabels"]],
            "Deployment" =>
            [
                item["spec"]!["selector"]!["matchLabels"],
                .. (item["spec"]!["template"]!["spec"]!["topologySpreadConstraints"]?.AsArray() ?? []).Select(spread => spread!["labelSelector"]!["matchLabels"]),
            ],
            _ => [],
        };
    }
}
