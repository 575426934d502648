using CertOperator.Controllers;
using CertOperator.Testing;

namespace CertOperator.Cli.Local;

public class LocalOnceTests
{
    [Fact]
    public async Task The_quickstart_is_all_ready()
    {
        using var folder = new LocalFolder();
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "config", "samples", "quickstart")))
            folder.Write(Path.GetFileName(file), File.ReadAllText(file));
        var (status, state) = await folder.OnceAsync();

        Assert.Equal(ExitCodes.Ok, status);
        Assert.Equal(["shop/api-tls", "shop/queue", "shop/shop-root", "shop/shop-tls"], state.Certificates.Select(row => $"{row.Namespace}/{row.Name}"));
        Assert.Empty(state.Problems);
    }

    [Fact]
    public async Task A_certificate_without_its_issuer_is_told_with_file_object_cause_and_next_step()
    {
        using var folder = new LocalFolder(Samples.Ca);
        folder.Write("team/web.yaml", Samples.Certificate("good") + "\n---\n" + Samples.Certificate("web", issuer: "gone"));
        var (status, state) = await folder.OnceAsync();

        Assert.Equal(ExitCodes.NotReady, status);
        Problem problem = Assert.Single(state.Problems);
        Assert.Equal(("team/web.yaml:6", "Certificate shop/web", "IssuerNotFound"), (problem.Place, problem.Object, problem.Reason));
        Assert.Contains("There is no Issuer \"gone\" in namespace shop: create it, or correct issuerRef.", problem.Message, StringComparison.Ordinal);
        Assert.True(state.Certificates.Single(row => row.Name == "good").Ready);
    }

    [Fact]
    public async Task An_issuer_that_cannot_sign_is_told_though_no_certificate_wants_it()
    {
        using var folder = new LocalFolder("""
            apiVersion: certoperator.io/v1
            kind: ClusterIssuer
            metadata: {name: company}
            spec: {ca: {secretName: company-ca}}
            """);
        var (status, state) = await folder.OnceAsync();

        Assert.Equal(ExitCodes.NotReady, status);
        Problem problem = Assert.Single(state.Problems);
        Assert.Equal(("all.yaml:1", "ClusterIssuer company", "CaSecretMissing"), (problem.Place, problem.Object, problem.Reason));
    }

    [Fact]
    public async Task An_ingress_that_cannot_be_served_is_told_and_a_missing_ingress_controller_is_not()
    {
        using var folder = new LocalFolder(Samples.Ca);
        folder.Write("ingress.yaml", Samples.Ingress("web", "{secretName: a}, {hosts: [b.example.com], secretName: b}"));
        var (status, state) = await folder.OnceAsync();

        Assert.Equal(ExitCodes.NotReady, status);
        Problem problem = Assert.Single(state.Problems);
        Assert.Equal(("ingress.yaml:1", "Ingress shop/web", "TlsWithoutHosts"), (problem.Place, problem.Object, problem.Reason));
        Assert.Equal("ingress.yaml:1", state.Certificates.Single(row => row.Name == "b").Place);
    }

    [Fact]
    public async Task A_gateway_counts_though_nobody_has_defined_its_kind()
    {
        using var folder = new LocalFolder(Samples.Ca);
        folder.Write("gateway.yaml", """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: edge, namespace: shop, annotations: {certoperator.io/issuer: ca}}
            spec:
              gatewayClassName: any
              listeners:
                - {name: web, port: 443, protocol: HTTPS, hostname: web.example.com, tls: {certificateRefs: [{name: web}]}}
                - {name: all, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: all}]}}
            """);
        var (_, state) = await folder.OnceAsync();

        var web = state.Certificates.Single(row => row.Name == "web");
        Assert.Equal(("gateway.yaml:1", true), (web.Place, web.Ready));
        Problem problem = Assert.Single(state.Problems);
        Assert.Equal(("gateway.yaml:1", "Gateway shop/edge", "ListenerWithoutHostname"), (problem.Place, problem.Object, problem.Reason));
    }

    [Fact]
    public async Task An_empty_folder_is_no_success()
    {
        using var folder = new LocalFolder();
        folder.Write("README.md", "# Nothing here");
        var (status, state) = await folder.OnceAsync();

        Assert.Equal(ExitCodes.NotReady, status);
        Assert.Equal("NoManifests", Assert.Single(state.Problems).Reason);
    }

    [Fact]
    public async Task A_malformed_file_is_named_with_its_line_and_the_others_are_served()
    {
        using var folder = new LocalFolder(Samples.Ca);
        folder.Write("broken.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: a\n  labels: [}\n");
        var (status, state) = await folder.OnceAsync();

        Assert.Equal(ExitCodes.NotReady, status);
        Problem problem = Assert.Single(state.Problems);
        Assert.StartsWith("broken.yaml:", problem.Place, StringComparison.Ordinal);
        Assert.Equal("Malformed", problem.Reason);
        Assert.Contains("Line ", problem.Message, StringComparison.Ordinal);
        Assert.True(Assert.Single(state.Certificates).Ready);
    }

    [Theory]
    [InlineData("services: {web: {image: nginx}}", "NotKubernetes", false)]
    [InlineData("{apiVersion: 1, kind: [a], metadata: 3}", "NotKubernetes", false)]
    [InlineData("{apiVersion: certoperator.io/v1, kind: Certificate, metadata: 3}", "Refused", false)]
    [InlineData("{apiVersion: certoperator.io/v1, kind: Certificate, metadata: {name: [a], namespace: {} } }", "Refused", false)]
    [InlineData("{apiVersion: certoperator.io/v1, kind: Certificate, metadata: {name: a}, spec: {dnsNames: 1} }", "Refused", false)]
    [InlineData("{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {tls.crt: '!'} }", "Refused", false)]
    [InlineData("{apiVersion: certoperator.io/v2, kind: Certificate, metadata: {name: a} }", "UnknownKind", false)]
    [InlineData("{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: a} }", "UnknownKind", false)]
    [InlineData("{apiVersion: extensions/v1beta1, kind: Ingress, metadata: {name: a} }", "UnknownKind", false)]
    [InlineData("{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: a} }", "Skipped", true)]
    public async Task A_document_that_cannot_count_is_named_and_the_others_are_served(string document, string reason, bool harmless)
    {
        using var folder = new LocalFolder(Samples.Ca);
        folder.Write("odd.yaml", "# A comment.\n" + document);
        var (status, state) = await folder.OnceAsync();

        Assert.Equal(harmless ? ExitCodes.Ok : ExitCodes.NotReady, status);
        Problem problem = Assert.Single(state.Problems);
        Assert.Equal(("odd.yaml:2", reason), (problem.Place, problem.Reason));
        Assert.True(Assert.Single(state.Certificates).Ready);
    }

    [Fact]
    public async Task An_object_in_two_files_is_told_with_both_and_the_first_counts()
    {
        using var folder = new LocalFolder(Samples.Ca);
        folder.Write("one.yaml", Samples.Certificate("web"));
        folder.Write("two.yaml", Samples.Certificate("web", "commonName: other"));
        var (status, state) = await folder.OnceAsync();

        Assert.Equal(ExitCodes.NotReady, status);
        Problem problem = Assert.Single(state.Problems);
        Assert.Equal(("two.yaml:1", "Certificate shop/web", "DefinedTwice"), (problem.Place, problem.Object, problem.Reason));
        Assert.Contains("one.yaml:1", problem.Message, StringComparison.Ordinal);
        Assert.Equal("one.yaml:1", state.Certificates.Single(row => row.Name == "web").Place);
    }

    [Fact]
    public async Task A_list_and_json_are_read()
    {
        using var folder = new LocalFolder(Samples.Ca);
        folder.Write("list.json", """
            {"apiVersion": "v1", "kind": "List", "items": [
              {"apiVersion": "certoperator.io/v1", "kind": "Certificate", "metadata": {"name": "web", "namespace": "shop"},
               "spec": {"secretName": "web", "issuerRef": {"name": "ca"}, "dnsNames": ["web.example.com"]}}]}
            """);
        var (status, state) = await folder.OnceAsync();

        Assert.Equal(ExitCodes.Ok, status);
        Assert.Contains(state.Certificates, row => row is { Name: "web", Ready: true });
    }

    [Fact]
    public async Task Hidden_files_are_not_read()
    {
        using var folder = new LocalFolder(Samples.Ca);
        folder.Write(".git/web.yaml", "no: {yaml");
        folder.Write(".#web.yaml", "no: {yaml");
        Assert.Equal(ExitCodes.Ok, (await folder.OnceAsync()).ExitCode);
    }

    [Fact]
    public async Task A_pass_that_is_broken_off_is_no_success()
    {
        using var folder = new LocalFolder(Samples.Ca);
        Assert.Equal(ExitCodes.Failed, await folder.Session(new LastState()).RunAsync(once: true, new CancellationToken(canceled: true)));
    }
}
