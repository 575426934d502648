using System.Text.Json.Nodes;
using CertOperator.Cli;
using CertOperator.Testing;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Monitoring;
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
        { "replicas=1,leaderElection.enabled=false,acme.enabled=false", "-PodDisruptionBudget -Role -RoleBinding" },
        { "podDisruptionBudget.enabled=false", "-PodDisruptionBudget" },
        { "networkPolicy.enabled=false", "-NetworkPolicy" },
        { "networkPolicy.apiServerCidrs={10.0.0.1/32},networkPolicy.extraEgress[0].ports[0].port=8081", "" },
        { "crds.install=false", "-CustomResourceDefinition" },
        { "rbac.create=false", "-ClusterRole -ClusterRoleBinding -Role -RoleBinding" },
        { "rbac.aggregate=false", "" },
        { "serviceAccount.create=false,serviceAccount.name=other", "-ServiceAccount" },
        { "serviceAccount.annotations.team=shop,podAnnotations.team=shop,podLabels.team=shop", "" },
        { "commonLabels=null,podLabels=null", "" },
        { "commonLabels.team=shop,podLabels.team=blog,metrics.serviceMonitor.enabled=true,metrics.serviceMonitor.labels.team=blog,metrics.serviceMonitor.relabelings[0].action=drop", "+ServiceMonitor" },
        { "metrics.serviceMonitor.enabled=true,metrics.serviceMonitor.labels.team=shop", "+ServiceMonitor" },
        { "metrics.prometheusRule.enabled=true", "+PrometheusRule" },
        { "metrics.prometheusRule.enabled=true,metrics.prometheusRule.groups[0].name=more", "+PrometheusRule" },
        { "metrics.dashboards.enabled=true,metrics.dashboards.docsUrl=https://docs.example/shop", "+ConfigMap" },
        { "acme.enabled=false", "" },
        { "acme.tlsAlpn01=true,acme.routes.inNamespace=true,acme.routes.gateway=true,networkPolicy.acmeFrom[0].namespaceSelector.matchLabels.team=edge", "" },
        { "rollouts.enabled=true", "" },
        { "traces.endpoint=http://collector.monitoring:4318,traces.sampling=0.1,traces.protocol=grpc,networkPolicy.tracesTo[0].namespaceSelector.matchLabels.team=shop", "" },
        { "verifyServed.enabled=true,verifyServed.grace=90s", "" },
        { "namespaces={shop,blog}", "-ClusterRole -ClusterRoleBinding" },
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
        string[] arguments = [.. container["args"]!.AsArray().Select(argument => (string)argument!)];
        Assert.Empty(Composition.Create(Shell.OfProcess()).Parse(arguments).Errors);
        string[] ports = [.. container["ports"]!.AsArray().Select(port => (string)port!["name"]!)];
        Assert.Equal(ports, Chart.Single(items, "Service")["spec"]!["ports"]!.AsArray().Select(port => (string)port!["targetPort"]!));
        foreach (JsonNode subject in items.SelectMany(item => item["subjects"]?.AsArray() ?? []).Select(subject => subject!))
            Assert.Equal((string?)pod["serviceAccountName"], (string?)subject["name"]);
        string[] places = [OperatorInstallation.Namespace, .. arguments.Where(argument => argument.StartsWith("--namespaces=", StringComparison.Ordinal)).SelectMany(argument => argument.Split('=', ',').Skip(1))];
        Assert.Equal(places.Order(), items.Select(item => (string?)item["metadata"]!["namespace"]).OfType<string>().Distinct().Order());
    }

    [Theory]
    [InlineData("replicas=two", "'/replicas'")]
    [InlineData("replicas=-1", "'/replicas'")]
    [InlineData("replica=3", "'replica'")]
    [InlineData("image.pullPolicy=Sometimes", "'/image/pullPolicy'")]
    [InlineData("image.digest=sha256:short", "'/image/digest'")]
    [InlineData("log.level=Loud", "'/log/level'")]
    [InlineData("workers=0", "'/workers'")]
    [InlineData("rbac.aggregate=maybe", "'/rbac/aggregate'")]
    [InlineData("commonLabels.helm\\.sh/chart=other", "'helm.sh/chart'")]
    [InlineData("podLabels.app\\.kubernetes\\.io/instance=other", "'app.kubernetes.io/instance'")]
    [InlineData("extraVolumeMounts[0].name=aws", "'/extraVolumeMounts/0'")]
    [InlineData("rollouts.enabled=maybe", "'/rollouts/enabled'")]
    [InlineData("verifyServed.grace=soon", "'/verifyServed/grace'")]
    [InlineData("verifyServed.ports={0}", "'/verifyServed/ports/0'")]
    [InlineData("acme.enabled=maybe", "'/acme/enabled'")]
    [InlineData("defaultIssuer=company-ca", "'/defaultIssuer'")]
    [InlineData("namespaces={Shop}", "'/namespaces/0'")]
    [InlineData("namespaces={shop,shop}", "'/namespaces'")]
    [InlineData("acme.routes.shared=true", "'shared'")]
    [InlineData("networkPolicy.apiServerPorts={70000}", "'/networkPolicy/apiServerPorts/0'")]
    [InlineData("networkPolicy.apiServerCidrs={10.0.0.1}", "'/networkPolicy/apiServerCidrs/0'")]
    [InlineData("metrics.prometheusRule.groups=none", "'/metrics/prometheusRule/groups'")]
    [InlineData("metrics.serviceMonitor.interval=often", "'/metrics/serviceMonitor/interval'")]
    [InlineData("metrics.dashboards.docsUrl=docs", "'/metrics/dashboards/docsUrl'")]
    [InlineData("traces.endpoint=collector:4318", "'/traces/endpoint'")]
    [InlineData("traces.protocol=http/json", "'/traces/protocol'")]
    [InlineData("traces.sampling=2", "'/traces/sampling'")]
    [InlineData("metrics.dashboards.namespace=Monitoring", "'/metrics/dashboards/namespace'")]
    [InlineData("replicas=2,leaderElection.enabled=false", "leaderElection.enabled")]
    public async Task A_bad_value_is_named(string values, string named)
    {
        CommandResult refused = await Chart.TryRenderAsync(values);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains(named, refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rights_are_those_of_config_for_the_features_in_use()
    {
        Right[] shipped = [.. Shipped("rbac")];
        Assert.Equal([.. shipped], await GrantedAsync(""));
        Assert.Equal([.. shipped.Where(right => right.Resource != "leases")], await GrantedAsync("replicas=1,leaderElection.enabled=false"));
        Assert.Equal(
            [.. shipped.Where(right => right is not ({ Resource: "secrets", Verb: "delete" } or { Resource: "ingresses", Namespace: not Right.Everywhere }))],
            await GrantedAsync("acme.enabled=false,acme.routes.inNamespace=true,acme.routes.gateway=true"));
        Assert.Equal([.. shipped, .. Shipped("http01-in-namespace")], await GrantedAsync("acme.routes.inNamespace=true"));
        Assert.Equal([.. shipped, .. Shipped("rollouts")], await GrantedAsync("rollouts.enabled=true"));
        Assert.Equal([.. shipped, .. Shipped("http01-gateway")], await GrantedAsync("acme.routes.gateway=true"));
    }

    [Fact]
    public async Task With_namespaces_the_rights_are_in_these_and_not_in_the_cluster()
    {
        string[] places = ["shop", "blog", OperatorInstallation.Namespace], clusterScoped = ["clusterissuers", "clusterissuers/status", "ingressclasses", "namespaces"];
        IEnumerable<Right> expected = from right in Shipped("rbac").Concat(Shipped("http01-in-namespace"))
                                      where !clusterScoped.Contains(right.Resource)
                                      from place in right.Namespace is Right.Everywhere ? places : [right.Namespace]
                                      select right with { Namespace = place };
        Assert.Equal([.. expected], await GrantedAsync("namespaces={shop,blog},acme.routes.inNamespace=true"));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("rbac.aggregate=false", false)]
    [InlineData("rbac.create=false", false)]
    [InlineData("namespaces={shop}", false)]
    public async Task Who_may_view_and_edit_a_namespace_may_so_do_with_certificates_and_issuers(string values, bool areThere)
    {
        JsonObject[] roles = [.. (await Chart.RenderAsync(values)).Where(IsForUsers)];
        Assert.Equal(
            areThere ? ["cert-operator-edit for aggregate-to-edit", "cert-operator-view for aggregate-to-view"] : [],
            roles.Select(role => $"{role["metadata"]!["name"]} for {role["metadata"]!["labels"]!.AsObject().Single(IsAggregation).Key.Split('/')[1]}").Order(StringComparer.Ordinal));
        // What belongs to the whole cluster is for its administrators.
        Assert.DoesNotContain(roles.SelectMany(Right.Of), right => right is { Resource: "clusterissuers", Verb: not ("get" or "list" or "watch") });
        Assert.All(roles.SelectMany(Right.Of), right => Assert.Equal("certoperator.io", right.Group));
    }

    [Fact]
    public async Task A_cluster_that_chooses_the_user_itself_and_one_whose_credentials_are_files_can_be_suited()
    {
        JsonNode pod = Chart.Single(
            await Chart.RenderAsync("podSecurityContext.runAsUser=null,podSecurityContext.runAsGroup=null,extraVolumes[0].name=cloud,extraVolumes[0].secret.secretName=cloud,extraVolumeMounts[0].name=cloud,extraVolumeMounts[0].mountPath=/cloud"),
            "Deployment")["spec"]!["template"]!["spec"]!;
        Assert.Equal("""{"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}}""", pod["securityContext"]!.ToJsonString());
        Assert.Equal("""[{"name":"cloud","secret":{"secretName":"cloud"}}]""", pod["volumes"]!.ToJsonString());
        Assert.Equal("""[{"mountPath":"/cloud","name":"cloud"}]""", pod["containers"]![0]!["volumeMounts"]!.ToJsonString());
    }

    [Fact]
    public async Task The_network_is_as_open_as_the_features_in_use()
    {
        Assert.Equal("in 8080 from; in 8089; out 443; out 6443; out 53; out 53; out 80; out 443", await OpenAsync(""));
        Assert.Equal("in 8080 from; out 443 to", await OpenAsync("acme.enabled=false,networkPolicy.apiServerPorts={443},networkPolicy.apiServerCidrs={10.0.0.1/32}"));
        Assert.EndsWith("out 53; out 53; out 80; out 443; out 4318", await OpenAsync("traces.endpoint=http://collector.monitoring:4318/otlp"), StringComparison.Ordinal);
        Assert.EndsWith("out 6443; out 443 to; out 53; out 53", await OpenAsync("acme.enabled=false,traces.endpoint=https://collector.example,networkPolicy.tracesTo[0].ipBlock.cidr=192.0.2.0/24"), StringComparison.Ordinal);
        Assert.Equal(
            "in 8080 from; out 443; out 6443; out 443; out 10443; out 53; out 53",
            await OpenAsync("acme.enabled=false,verifyServed.enabled=true,verifyServed.ports={443,10443}"));
        Assert.StartsWith("in 8080 from; in 8089 from; in 8443 from; out", await OpenAsync("acme.tlsAlpn01=true,networkPolicy.acmeFrom[0].podSelector.matchLabels.app=ingress"), StringComparison.Ordinal);

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

    [Fact]
    public async Task Dashboards_are_where_and_how_Grafana_looks_for_them()
    {
        JsonObject map = Chart.Single(
            await Chart.RenderAsync("metrics.dashboards.enabled=true,metrics.dashboards.namespace=monitoring,metrics.dashboards.annotations.grafana_folder=TLS,metrics.dashboards.docsUrl=https://wiki.example/docs/"),
            "ConfigMap");

        JsonNode metadata = map["metadata"]!;
        Assert.Equal(("monitoring", "1", "TLS"), ((string)metadata["namespace"]!, (string)metadata["labels"]!["grafana_dashboard"]!, (string)metadata["annotations"]!["grafana_folder"]!));
        Assert.Equal(Dashboards.All.Keys.Select(name => $"{name}.json").Order(StringComparer.Ordinal), map["data"]!.AsObject().Select(entry => entry.Key).Order(StringComparer.Ordinal));
        foreach (var (name, dashboard) in Dashboards.All)
        {
            string expected = dashboard.ToJsonString().Replace("https://docs.example", "https://wiki.example/docs", StringComparison.Ordinal);
            Assert.Equal(expected, JsonNode.Parse((string)map["data"]![$"{name}.json"]!)!.ToJsonString());
        }
    }

    [Fact]
    public async Task A_scrape_keeps_the_namespaces_of_certificates()
        => Assert.True((bool)Chart.Single(await Chart.RenderAsync("metrics.serviceMonitor.enabled=true"), "ServiceMonitor")["spec"]!["endpoints"]![0]!["honorLabels"]!);

    [Fact]
    public async Task Traces_are_asked_for_by_the_variables_of_OpenTelemetry_and_only_with_an_endpoint()
    {
        Assert.DoesNotContain(await VariablesAsync(""), variable => variable.StartsWith("OTEL_", StringComparison.Ordinal));
        Assert.Equal(
            ["OTEL_EXPORTER_OTLP_ENDPOINT=http://collector.monitoring:4317", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "OTEL_TRACES_SAMPLER=traceidratio", "OTEL_TRACES_SAMPLER_ARG=0.25"],
            (await VariablesAsync("traces.endpoint=http://collector.monitoring:4317,traces.protocol=grpc,traces.sampling=0.25")).Where(variable => variable.StartsWith("OTEL_", StringComparison.Ordinal)));

        static async Task<IEnumerable<string>> VariablesAsync(string values)
            => Chart.Single(await Chart.RenderAsync(values), "Deployment")["spec"]!["template"]!["spec"]!["containers"]![0]!["env"]!.AsArray().Select(variable => $"{variable!["name"]}={variable["value"]}");
    }

    [Theory]
    [InlineData("cert-operator", "", "cert-operator")]
    [InlineData("shop", "", "shop-cert-operator")]
    [InlineData("shop", "fullnameOverride=certificates", "certificates")]
    public async Task Objects_are_named_for_the_release(string release, string values, string name)
        => Assert.All(
            (await Chart.RenderAsync(values, release)).Where(item => Chart.Kind(item) != "CustomResourceDefinition"),
            item => Assert.StartsWith(name, (string)item["metadata"]!["name"]!, StringComparison.Ordinal));

    private static IEnumerable<Right> Shipped(string file) => Right.Granted(File.ReadAllText(Path.Combine(Repository.Root, "config", "rbac", $"{file}.yaml")));

    private static async Task<HashSet<Right>> GrantedAsync(string values) => [.. (await Chart.RenderAsync(values)).Where(item => !IsForUsers(item)).SelectMany(Right.Of)];

    private static bool IsForUsers(JsonObject item) => item["metadata"]!["labels"] is JsonObject labels && labels.Any(IsAggregation);

    private static bool IsAggregation(KeyValuePair<string, JsonNode?> label) => label.Key.StartsWith("rbac.authorization.k8s.io/aggregate-to-", StringComparison.Ordinal);

    /// <summary>By the Pod Security Standard "restricted", and a root file system that cannot be written.</summary>
    private static void AssertRestricted(JsonObject pod, JsonNode container)
    {
        Assert.True((bool)pod["securityContext"]!["runAsNonRoot"]!);
        Assert.NotEqual(0, (long)pod["securityContext"]!["runAsUser"]!);
        Assert.Equal("RuntimeDefault", (string?)pod["securityContext"]!["seccompProfile"]!["type"]);
        Assert.Equal(
            """{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]},"readOnlyRootFilesystem":true}""", container["securityContext"]!.ToJsonString());
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
