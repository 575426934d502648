using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Challenges;

public class SolverRouteTests
{
    private const string Nginx = "{http01: {ingress: {ingressClassName: nginx} } }";

    [Fact]
    public async Task Many_challenges_at_once_cost_one_object_and_one_write()
    {
        await using var world = new ChallengeWorld();
        world.AddIssuer(Nginx);
        for (int i = 0; i < 200; i++)
            world.Open($"c{i}", $"c{i}.example.com", ChallengeWorld.Token(i));
        await world.SyncAsync();
        world.Cluster.Requests.Clear();
        await world.LookAsync();
        await world.LookAsync();

        Assert.Equal(1, world.Cluster.Requests.Counts.Where(entry => entry.Key is { Verb: "patch", Resource: "ingresses" }).Sum(entry => entry.Value));
        JsonObject ingress = Assert.Single(world.Ingresses());
        Assert.Equal("nginx", (string?)ingress["spec"]!["ingressClassName"]);
        Assert.Equal(200, ingress["spec"]!["rules"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_rule_names_host_and_token_and_leads_to_the_operator()
    {
        await using var world = new ChallengeWorld();
        world.AddIssuer(Nginx);
        world.Open("web", "www.example.com", ChallengeWorld.Token(1));
        await world.LookAsync();

        JsonNode rule = Assert.Single(Assert.Single(world.Ingresses())["spec"]!["rules"]!.AsArray())!;
        Assert.Equal("www.example.com", (string?)rule["host"]);
        JsonNode path = Assert.Single(rule["http"]!["paths"]!.AsArray())!;
        Assert.Equal($"/.well-known/acme-challenge/{ChallengeWorld.Token(1)}", (string?)path["path"]);
        Assert.Equal("Exact", (string?)path["pathType"]);
        Assert.Equal("""{"name":"cert-operator","port":{"number":8089}}""", path["backend"]!["service"]!.ToJsonString());
    }

    [Fact]
    public async Task The_ingress_goes_with_the_last_challenge()
    {
        await using var world = new ChallengeWorld();
        world.AddIssuer(Nginx);
        world.Open("a", "a.example.com", ChallengeWorld.Token(1));
        world.Open("b", "b.example.com", ChallengeWorld.Token(2));
        await world.LookAsync();
        world.Close("a");
        await world.LookAsync();
        Assert.Equal("b.example.com", (string?)Assert.Single(Assert.Single(world.Ingresses())["spec"]!["rules"]!.AsArray())!["host"]);

        world.Close("b");
        await world.LookAsync();
        Assert.Empty(world.Ingresses());
    }

    [Fact]
    public async Task What_a_crash_has_left_goes_with_the_first_look_and_others_stay()
    {
        await using var world = new ChallengeWorld();
        world.Apply(Ingress("left", "labels: {app.kubernetes.io/managed-by: cert-operator, certoperator.io/solver: http-01}"));
        world.Apply(Ingress("foreign", "labels: {app.kubernetes.io/managed-by: helm}"));
        await world.LookAsync();

        Assert.Equal("foreign", (string?)Assert.Single(world.Ingresses())["metadata"]!["name"]);
    }

    [Fact]
    public async Task An_edited_ingress_is_put_right()
    {
        await using var world = new ChallengeWorld();
        world.AddIssuer(Nginx);
        world.Open("web", "www.example.com", ChallengeWorld.Token(1));
        await world.LookAsync();
        var key = new ObjectKey("cert-operator", (string)Assert.Single(world.Ingresses())["metadata"]!["name"]!);
        world.Cluster.Patch(Api.Ingress.Type, key, new JsonObject { ["spec"] = new JsonObject { ["ingressClassName"] = "other" } });
        await world.LookAsync();

        Assert.Equal("nginx", (string?)Assert.Single(world.Ingresses())["spec"]!["ingressClassName"]);
    }

    [Fact]
    public async Task Without_a_class_in_the_solver_that_of_the_served_ingress_counts_and_then_the_default()
    {
        await using var world = new ChallengeWorld();
        world.AddIssuer("{http01: {} }");
        world.Apply("""
            apiVersion: networking.k8s.io/v1
            kind: IngressClass
            metadata: {name: standard, annotations: {ingressclass.kubernetes.io/is-default-class: "true"} }
            spec: {controller: example.com/standard}
            """);
        world.Apply(Ingress("served", "annotations: {kubernetes.io/ingress.class: old}", ns: "shop"));
        string uid = (string)world.Cluster.Find(Api.Ingress.Type, new ObjectKey("shop", "served"))!["metadata"]!["uid"]!;
        world.Open("owned", "owned.example.com", ChallengeWorld.Token(1), metadata: $", ownerReferences: [{{apiVersion: networking.k8s.io/v1, kind: Ingress, name: served, uid: {uid}}}]");
        world.Open("free", "free.example.com", ChallengeWorld.Token(2));
        await world.LookAsync();

        var byHost = world.Ingresses().ToDictionary(ingress => (string)ingress["spec"]!["rules"]![0]!["host"]!);
        Assert.Equal("old", (string?)byHost["owned.example.com"]["metadata"]!["annotations"]!["kubernetes.io/ingress.class"]);
        Assert.Null(byHost["owned.example.com"]["spec"]!["ingressClassName"]);
        Assert.Equal("standard", (string?)byHost["free.example.com"]["spec"]!["ingressClassName"]);
    }

    [Fact]
    public async Task More_hosts_than_one_ingress_should_hold_are_spread()
    {
        await using var world = new ChallengeWorld();
        world.AddIssuer(Nginx);
        for (int i = 0; i < 501; i++)
            world.Open($"c{i}", $"c{i}.example.com", ChallengeWorld.Token(i));
        await world.LookAsync();

        Assert.Equal(2, world.Ingresses().Count);
        Assert.Equal(501, world.Ingresses().Sum(ingress => ingress["spec"]!["rules"]!.AsArray().Count));
    }

    [Fact]
    public async Task Beside_the_certificate_an_ingress_reaches_the_operator_by_name_and_belongs_to_the_certificate()
    {
        await using var world = new ChallengeWorld();
        world.AddIssuer("{http01: {route: InNamespace, ingress: {ingressClassName: nginx, ingressTemplate: {metadata: {annotations: {team: shop} } } } } }");
        world.Open("web", "www.example.com", ChallengeWorld.Token(1));
        await world.LookAsync();

        JsonObject ingress = Assert.Single(world.Ingresses("shop")), service = Assert.Single(world.Cluster.List(Service.Type, "shop"));
        Assert.Equal("shop", (string?)ingress["metadata"]!["annotations"]!["team"]);
        Assert.Equal((string?)service["metadata"]!["name"], (string?)ingress["spec"]!["rules"]![0]!["http"]!["paths"]![0]!["backend"]!["service"]!["name"]);
        Assert.Equal("ExternalName", (string?)service["spec"]!["type"]);
        Assert.Equal("cert-operator.cert-operator.svc.cluster.local", (string?)service["spec"]!["externalName"]);
        JsonNode port = Assert.Single(service["spec"]!["ports"]!.AsArray())!;
        Assert.Equal((8089, "TCP"), ((int)port["port"]!, (string?)port["protocol"]));

        world.Cluster.Delete(Certificate.Type, new ObjectKey("shop", "web"));
        Assert.Empty(world.Ingresses("shop"));
        Assert.Empty(world.Cluster.List(Service.Type, "shop"));
    }

    [Fact]
    public async Task A_template_reaches_the_operators_namespace_only_from_a_cluster_issuer()
    {
        const string Solver = "{http01: {ingress: {ingressClassName: nginx, ingressTemplate: {metadata: {annotations: {limit: none} } } } } }";
        await using var world = new ChallengeWorld();
        world.AddIssuer(Solver);
        world.AddIssuer(Solver, "ClusterIssuer");
        world.Open("tenant", "tenant.example.com", ChallengeWorld.Token(1));
        world.Open("admin", "admin.example.com", ChallengeWorld.Token(2), issuer: "ClusterIssuer/acme");
        await world.LookAsync();

        var byHost = world.Ingresses().ToDictionary(ingress => (string)ingress["spec"]!["rules"]![0]!["host"]!);
        Assert.Null(byHost["tenant.example.com"]["metadata"]!["annotations"]);
        Assert.Equal("none", (string?)byHost["admin.example.com"]["metadata"]!["annotations"]!["limit"]);
    }

    [Fact]
    public async Task Without_gateways_in_the_cluster_the_challenge_says_so_and_others_go_on()
    {
        await using var world = new ChallengeWorld();
        world.AddIssuer("{http01: {gatewayHTTPRoute: {parentRefs: [{name: web}]} } }");
        world.AddIssuer(Nginx, "ClusterIssuer");
        world.Open("gated", "gated.example.com", ChallengeWorld.Token(1));
        world.Open("plain", "plain.example.com", ChallengeWorld.Token(2), issuer: "ClusterIssuer/acme");
        await world.LookAsync();

        string? problem = world.Routes.Find(new ChallengeId(new ObjectKey("shop", "gated"), "gated.example.com", ChallengeWorld.Token(1)))?.Problem;
        Assert.Contains("the cluster has no httproutes.gateway.networking.k8s.io", problem, StringComparison.Ordinal);
        Assert.Single(world.Ingresses());
    }

    [Fact]
    public async Task A_gateway_gets_a_route_for_the_host()
    {
        await using var world = new ChallengeWorld();
        world.Apply("""
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: httproutes.gateway.networking.k8s.io}
            spec:
              group: gateway.networking.k8s.io
              scope: Namespaced
              names: {kind: HTTPRoute, plural: httproutes}
              versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true} } }]
            """);
        world.AddIssuer("{http01: {gatewayHTTPRoute: {parentRefs: [{name: web}]} } }");
        world.Open("web", "www.example.com", ChallengeWorld.Token(1));
        await world.LookAsync();

        JsonObject route = Assert.Single(world.Cluster.List(HttpRoute.Type, "cert-operator"));
        Assert.Equal("""[{"name":"web","namespace":"shop"}]""", Sorted(route["spec"]!["parentRefs"]!));
        Assert.Equal("www.example.com", (string?)route["spec"]!["hostnames"]![0]);
        world.Close("web");
        await world.LookAsync();
        Assert.Empty(world.Cluster.List(HttpRoute.Type, "cert-operator"));

        static string Sorted(JsonNode references)
            => new JsonArray([.. references.AsArray().Select(reference => new JsonObject(reference!.AsObject().OrderBy(field => field.Key).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone()))))]).ToJsonString();
    }

    [Fact]
    public async Task A_right_that_is_missing_is_told_and_ends_nothing_else()
    {
        await using var world = new ChallengeWorld();
        world.AddIssuer(Nginx);
        world.Open("web", "www.example.com", ChallengeWorld.Token(1));
        world.Cluster.Faults.FailNext("patch", Api.Ingress.Type, KubeFailure.Forbidden);
        await world.LookAsync();
        var id = new ChallengeId(new ObjectKey("shop", "web"), "www.example.com", ChallengeWorld.Token(1));
        Assert.Contains("config/rbac", world.Routes.Find(id)?.Problem, StringComparison.Ordinal);

        await world.LookAsync();
        Assert.Null(world.Routes.Find(id)?.Problem);
        Assert.Single(world.Ingresses());
    }

    private static string Ingress(string name, string metadata, string ns = "cert-operator") => $$"""
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: {{name}}, namespace: {{ns}}, {{metadata}} }
        spec: {defaultBackend: {service: {name: web, port: {number: 80} } } }
        """;
}
