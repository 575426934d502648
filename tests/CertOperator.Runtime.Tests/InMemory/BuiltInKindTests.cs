using System.Text;
using CertOperator.Runtime.Client;
using static CertOperator.Runtime.Tests.InMemory.World;

namespace CertOperator.Runtime.Tests.InMemory;

public sealed class BuiltInKindTests
{
    private readonly World _world = new();

    [Fact]
    public void A_TLS_secret_holds_certificate_and_key()
    {
        var refusal = Refusal(() => _world.Cluster.Create(Secret("s", "kubernetes.io/tls", """{"ca.crt": "YQ=="}""")));

        Assert.Equal("Secret \"s\" is invalid: [data[tls.crt]: Required value, data[tls.key]: Required value]", refusal.Message);
    }

    [Fact]
    public void The_type_of_a_secret_never_changes()
    {
        _world.Cluster.Create(Secret("s", "Opaque"));

        var refusal = Refusal(() => _world.Apply("a", Secret("s", "kubernetes.io/tls", """{"tls.crt": "YQ==", "tls.key": "YQ=="}"""), force: true));

        Assert.Equal("Secret \"s\" is invalid: type: Invalid value: \"kubernetes.io/tls\": field is immutable", refusal.Message);
    }

    [Fact]
    public void An_immutable_secret_keeps_its_data()
    {
        _world.Cluster.Create(Secret("s", "Opaque", """{"a": "YQ=="}"""));
        _world.Patch(Secrets, "s", """{"immutable": true}""");

        Assert.Contains("data: Forbidden", Refusal(() => _world.Patch(Secrets, "s", """{"data": {"a": "Yg=="}}""")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a": "not base64!"}""", 400)]
    [InlineData("""{"a": 1}""", 400)]
    [InlineData("""{"a b": "YQ=="}""", 422)]
    [InlineData("""{"..": "YQ=="}""", 422)]
    public void Data_of_a_secret_is_base64_under_file_names(string data, int code)
        => Assert.Equal(code, Refusal(() => _world.Cluster.Create(Secret("s", "Opaque", data))).Code);

    [Fact]
    public void A_secret_has_a_limit_of_one_MiB()
    {
        var tooMuch = Convert.ToBase64String(new byte[(1024 * 1024) + 1]);

        Assert.Contains("Too long", Refusal(() => _world.Cluster.Create(Secret("s", "Opaque", $$"""{"a": "{{tooMuch}}"}"""))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_text_of_a_secret_becomes_data()
    {
        var json = Secret("s", "");
        json["stringData"] = Json("""{"user": "me"}""");

        var created = _world.Cluster.Create(json);

        Assert.Equal("Opaque", (string?)created["type"]);
        Assert.Equal("me", Encoding.UTF8.GetString(Convert.FromBase64String((string)created["data"]!["user"]!)));
        Assert.Null(created["stringData"]);
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("-x")]
    [InlineData("a_b")]
    [InlineData("a..b")]
    public void Names_are_RFC_1123_subdomains(string name)
        => Assert.Contains("a lowercase RFC 1123 subdomain must consist of", Refusal(() => _world.Cluster.Create(Secret(name, "Opaque"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"labels": {"a b": "x"}}""", 422)]
    [InlineData("""{"labels": {"a": "not ok"}}""", 422)]
    [InlineData("""{"labels": {"a": 1}}""", 400)]
    [InlineData("""{"labels": []}""", 400)]
    [InlineData("""{"annotations": {"/x": "y"}}""", 422)]
    [InlineData("""{"ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap", "name": "x"}]}""", 422)]
    [InlineData("""{"finalizers": ["not ok"]}""", 422)]
    public void Metadata_is_checked(string metadata, int code)
        => Assert.Equal(code, Refusal(() => _world.Cluster.Create(Widget("w", metadata: metadata))).Code);

    [Fact]
    public void Nothing_new_comes_into_a_namespace_that_is_being_deleted()
    {
        _world.Cluster.Create(Secret("old", "Opaque"));
        _world.Cluster.Delete(Namespaces, ObjectKey.Cluster("shop"));

        var refusal = Refusal(() => _world.Cluster.Create(Secret("new", "Opaque")));

        Assert.Equal(403, refusal.Code);
        Assert.True(refusal.ToKubeException().NamespaceTerminating);
        Assert.Equal("Yg==", (string?)_world.Patch(Secrets, "old", """{"data": {"a": "Yg=="}}""")["data"]!["a"]);
    }

    [Theory]
    [InlineData("2026-01-01T00:00:00.000000Z", true)]
    [InlineData("2026-01-01T00:00:00Z", false)]
    [InlineData("2026-01-01T00:00:00.000Z", false)]
    public void Times_of_a_lease_have_six_digits_of_fraction(string time, bool accepted)
    {
        var lease = Json($$$"""{"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": {"name": "l", "namespace": "shop"}, "spec": {"renewTime": "{{{time}}}"}}""");

        if (accepted) Assert.NotNull(_world.Cluster.Create(lease));
        else Assert.Equal(400, Refusal(() => _world.Cluster.Create(lease)).Code);
    }

    [Theory]
    [InlineData("shop", "shop", true)]
    [InlineData("shop", "other", false)]
    [InlineData("shop", "", false)]
    [InlineData("default", "", true)]
    public void An_event_lives_where_its_object_does(string ns, string about, bool accepted)
    {
        var happening = Json(
            $$$"""{"apiVersion": "v1", "kind": "Event", "metadata": {"name": "e", "namespace": "{{{ns}}}"}, "involvedObject": {"namespace": "{{{about}}}"}}""");

        if (accepted) Assert.NotNull(_world.Cluster.Create(happening));
        else Assert.Equal(422, Refusal(() => _world.Cluster.Create(happening)).Code);
    }

    [Theory]
    [InlineData("""{"rules": [{"http": {"paths": [{"path": "/", "backend": {"service": {"name": "s"}}}]}}]}""", "spec.rules[0].http.paths[0].pathType: Required value")]
    [InlineData("""{"rules": [{"host": "Bad_Host"}]}""", "spec.rules[0].host: Invalid value")]
    [InlineData("""{"tls": [{"hosts": ["a.example"]}]}""", "either `defaultBackend` or `rules` must be specified")]
    [InlineData("""{"rules": [{"host": "*.a.example"}], "tls": [{"hosts": ["*.a.example", "a b"]}]}""", "spec.tls[0].hosts[1]: Invalid value")]
    public void An_ingress_is_checked(string spec, string sentence)
    {
        var ingress = Json($$"""{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "i", "namespace": "shop"}, "spec": {{spec}}}""");

        Assert.Contains(sentence, Refusal(() => _world.Cluster.Create(ingress)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ports_of_a_service_are_owned_one_by_one()
    {
        _world.Apply("a", Service("""[{"name": "http", "port": 80}]"""));
        _world.Apply("b", Service("""[{"name": "https", "port": 443}]"""));

        Assert.Equal([80, 443], _world.Apply("a", Service("""[{"name": "http", "port": 80}]"""))["spec"]!["ports"]!.AsArray().Select(port => (int)port!["port"]!));

        static System.Text.Json.Nodes.JsonObject Service(string ports)
            => Json($$$"""{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s", "namespace": "shop"}, "spec": {"ports": {{{ports}}}}}""");
    }
}
