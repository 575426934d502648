using CertOperator.Runtime.Client;
using CertOperator.Runtime.Tests.Client.Http;
using CertOperator.Runtime.Tests.Kinds;

namespace CertOperator.Runtime.Tests.Client;

public sealed class KubeConfigTests : IDisposable
{
    private static readonly Uri Server = new("https://127.0.0.1:6443");

    private readonly Kubeconfig _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void The_current_context_gives_server_and_namespace()
    {
        using var authority = new SomeAuthority();
        var read = KubeConfig.FromFiles([_files.Write(Server, authority.Pem)], null).Read();

        Assert.Equal((Server, "main-ns", "t-1"), (read.Server, read.Namespace, read.Token));
        Assert.Single(read.Trust!);
    }

    [Fact]
    public void A_bundle_is_trusted_whole()
    {
        using var first = new SomeAuthority();
        using var second = new SomeAuthority();

        Assert.Equal(2, KubeConfig.FromFiles([_files.Write(Server, first.Pem + "\n" + second.Pem)], null).Read().Trust!.Count);
    }

    [Fact]
    public void Several_files_are_merged_and_absent_ones_skipped()
    {
        var paths = new[]
        {
            Path.Combine(_files.Folder, "absent"),
            _files.Write(new Uri("https://one:1"), context: "one", file: "one"),
            _files.Write(new Uri("https://two:2"), context: "two", file: "two"),
        };

        Assert.Equal("one", KubeConfig.FromFiles(paths, null).Read().Server.Host);
        Assert.Equal("two", KubeConfig.FromFiles(paths, "two").Read().Server.Host);
    }

    [Fact]
    public void Paths_are_relative_to_the_file_that_holds_them()
    {
        using var authority = new SomeAuthority();
        using var certificate = authority.Issue();
        _files.WriteText(authority.Pem, "ca.crt");
        _files.WriteText(certificate.ExportCertificatePem(), "me.crt");
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!;
        _files.WriteText(key.ExportPkcs8PrivateKeyPem(), "me.key");
        var first = _files.Write(new Uri("https://one:1"), context: "one", file: "one");
        var second = _files.Write(
            Server, context: "two", file: "two", cluster: "certificate-authority: ca.crt", user: "{client-certificate: me.crt, client-key: me.key}");

        var read = KubeConfig.FromFiles([first, second], "two").Read();

        Assert.Single(read.Trust!);
        Assert.Equal(certificate.Thumbprint, read.ClientCertificate?.Thumbprint);
        Assert.True(read.ClientCertificate?.HasPrivateKey);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("a: [b", "it is not valid YAML at line")]
    [InlineData("current-context: nope", "nope")]
    [InlineData("clusters: []", "has no current context")]
    [InlineData("{current-context: c, clusters: [{name: k, cluster: {server: 'not a url'}}], contexts: [{name: c, context: {cluster: k}}]}", "not a url")]
    [InlineData("{current-context: c, clusters: [{name: k, cluster: {server: 'https://h', certificate-authority-data: '%%'}}], contexts: [{name: c, context: {cluster: k}}]}", "base64")]
    [InlineData("{current-context: c, clusters: [{name: k, cluster: {server: 'https://h', certificate-authority: absent.crt}}], contexts: [{name: c, context: {cluster: k}}]}", "absent.crt")]
    [InlineData("{current-context: c, clusters: [{name: k, cluster: {server: 'https://h'}}], contexts: [{name: c, context: {cluster: k, user: u}}], users: [{name: u, user: {exec: {command: /bin/false, apiVersion: v1}}}]}", "exec")]
    public void What_is_wrong_is_said_in_one_sentence_with_the_file(string text, string expected)
    {
        var path = _files.WriteText(text);

        var failure = Assert.Throws<KubeConfigException>(() => new KubeClient(KubeConfig.FromFiles([path], null), "t/1", TimeProvider.System));

        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.Null(failure.InnerException);
    }

    [Fact]
    public void An_absent_file_or_context_is_named()
    {
        var absent = Path.Combine(_files.Folder, "absent");
        Assert.Equal($"There is no kubeconfig {absent}.", Assert.Throws<KubeConfigException>(() => KubeConfig.Find(absent, null).Read()).Message);

        var path = _files.Write(Server);
        Assert.Equal(
            $"There is no context prod in kubeconfig {path}: kubectl config get-contexts lists them.",
            Assert.Throws<KubeConfigException>(() => KubeConfig.Find(path, "prod").Read()).Message);
        Assert.Equal(["main"], KubeConfig.Contexts(path));
    }

    [Fact]
    public async Task The_token_of_a_pod_is_read_again_after_a_minute()
    {
        using var authority = new SomeAuthority();
        using var certificate = authority.Issue();
        var seen = new List<string>();
        await using var server = await WireServer.StartAsync(
            http =>
            {
                seen.Add(http.Request.Headers.Authorization.ToString());
                return http.Response.JsonAsync(Answers.ConfigMap("one"));
            },
            certificate);
        _files.WriteText(authority.Pem, "ca.crt");
        _files.WriteText("shop\n", "namespace");
        _files.WriteText("t-1\n", "token");
        var time = new FakeTimeProvider();
        using var client = new KubeClient(KubeConfig.InCluster(_files.Folder, server.Address.Host, $"{server.Address.Port}"), "t/1", time);

        await client.FindAsync<ConfigMap>(new ObjectKey("ns", "one"), default);
        _files.WriteText("t-2\n", "token");
        await client.FindAsync<ConfigMap>(new ObjectKey("ns", "one"), default);
        time.Advance(TimeSpan.FromMinutes(1));
        await client.FindAsync<ConfigMap>(new ObjectKey("ns", "one"), default);

        Assert.Equal(["Bearer t-1", "Bearer t-1", "Bearer t-2"], seen);
        Assert.Equal("shop", client.Namespace);
    }

    [Theory]
    [InlineData(null, "443", "KUBERNETES_SERVICE_HOST")]
    [InlineData("10.0.0.1", "x", "KUBERNETES_SERVICE_PORT")]
    [InlineData("10.0.0.1", "443", "ca.crt")]
    public void A_process_outside_a_pod_is_told_so(string? host, string? port, string expected)
        => Assert.Contains(
            expected,
            Assert.Throws<KubeConfigException>(() => KubeConfig.InCluster(_files.Folder, host, port).Read()).Message,
            StringComparison.Ordinal);

    [Fact]
    public void An_IPv6_address_makes_a_server()
    {
        using var authority = new SomeAuthority();
        _files.WriteText(authority.Pem, "ca.crt");

        Assert.Equal(new Uri("https://[fd00::1]:443"), KubeConfig.InCluster(_files.Folder, "fd00::1", "443").Read().Server);
    }
}
