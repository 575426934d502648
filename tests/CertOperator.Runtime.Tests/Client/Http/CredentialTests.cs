using CertOperator.Runtime.Client;
using CertOperator.Runtime.Tests.Kinds;
using Microsoft.AspNetCore.Http;

namespace CertOperator.Runtime.Tests.Client.Http;

public sealed class CredentialTests
{
    private static readonly ObjectKey Key = new("ns", "one");

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _seen = [];
    private string _accepted = "Bearer t-1";

    [Fact]
    public async Task Refused_credentials_are_read_again_and_the_call_is_repeated_once()
    {
        await using var server = await WireServer.StartAsync(AnswerAsync);
        using var files = new Kubeconfig();
        var path = files.Write(server.Address, user: "token: t-1");
        using var client = new KubeClient(KubeConfig.FromFiles([path], null), WireServer.UserAgent, _time);
        Assert.NotNull(await client.FindAsync<ConfigMap>(Key, default));

        _accepted = "Bearer t-2";
        files.Write(server.Address, user: "token: t-2");
        Assert.NotNull(await client.FindAsync<ConfigMap>(Key, default));

        Assert.Equal(["Bearer t-1", "Bearer t-1", "Bearer t-2"], _seen);
    }

    [Fact]
    public async Task Settings_that_stay_refused_are_not_read_at_every_call()
    {
        await using var server = await WireServer.StartAsync(AnswerAsync);
        using var files = new Kubeconfig();
        var path = files.Write(server.Address, user: "token: bad");
        using var client = new KubeClient(KubeConfig.FromFiles([path], null), WireServer.UserAgent, _time);

        for (var call = 0; call < 3; call++)
        {
            var refusal = await Assert.ThrowsAsync<KubeException>(() => client.FindAsync<ConfigMap>(Key, default));
            Assert.Equal(KubeFailure.Unauthorized, refusal.Failure);
            Assert.DoesNotContain("bad", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Equal(4, _seen.Count);
    }

    [Fact]
    public async Task Settings_that_have_vanished_are_told()
    {
        await using var server = await WireServer.StartAsync(AnswerAsync);
        using var files = new Kubeconfig();
        var path = files.Write(server.Address, user: "token: bad");
        using var client = new KubeClient(KubeConfig.FromFiles([path], null), WireServer.UserAgent, _time);
        File.Delete(path);

        var refusal = await Assert.ThrowsAsync<KubeException>(() => client.FindAsync<ConfigMap>(Key, default));

        Assert.Equal((KubeFailure.Unauthorized, $"There is no kubeconfig {path}."), (refusal.Failure, refusal.Message));
    }

    [Fact]
    public async Task A_watch_that_runs_is_not_cut_off_by_newer_settings()
    {
        var renewed = new TaskCompletionSource();
        await using var server = await WireServer.StartAsync(async http =>
        {
            if (!http.Request.Query.ContainsKey("watch"))
            {
                await AnswerAsync(http);
                return;
            }

            await http.Response.PieceAsync(Answers.Event("ADDED", Answers.ConfigMap("one")));
            await renewed.Task;
            await http.Response.PieceAsync(Answers.Event("ADDED", Answers.ConfigMap("two")));
        });
        using var files = new Kubeconfig();
        var path = files.Write(server.Address, user: "token: t-1");
        using var client = new KubeClient(KubeConfig.FromFiles([path], null), WireServer.UserAgent, _time);
        await using var watch = client.WatchAsync<ConfigMap>(new ListOptions(), "1", default).GetAsyncEnumerator();
        Assert.True(await watch.MoveNextAsync());

        _accepted = "Bearer t-2";
        files.Write(server.Address, user: "token: t-2");
        Assert.NotNull(await client.FindAsync<ConfigMap>(Key, default));
        renewed.SetResult();

        Assert.True(await watch.MoveNextAsync());
        Assert.Equal("two", watch.Current.Object?.Metadata.Name);
    }

    [Fact]
    public async Task Basic_credentials_are_sent()
    {
        _accepted = "Basic YW5uOnNlY3JldA==";
        await using var server = await WireServer.StartAsync(AnswerAsync);
        using var files = new Kubeconfig();
        var path = files.Write(server.Address, user: "{username: ann, password: secret}");
        using var client = new KubeClient(KubeConfig.FromFiles([path], null), WireServer.UserAgent, _time);

        Assert.NotNull(await client.FindAsync<ConfigMap>(Key, default));
    }

    [Fact]
    public async Task A_token_that_no_header_can_carry_is_told_and_not_shown()
    {
        await using var server = await WireServer.StartAsync(AnswerAsync);
        using var client = server.Connect("line one\r\nline two");

        var refusal = await Assert.ThrowsAsync<KubeException>(() => client.FindAsync<ConfigMap>(Key, default));

        Assert.Equal(KubeFailure.Unauthorized, refusal.Failure);
        Assert.DoesNotContain("line", refusal.ToString().Split('\n')[0], StringComparison.Ordinal);
        Assert.Empty(_seen);
    }

    [Fact]
    public async Task Many_calls_refused_at_once_read_the_settings_once()
    {
        await using var server = await WireServer.StartAsync(AnswerAsync);
        using var files = new Kubeconfig();
        var runs = Path.Combine(files.Folder, "runs");
        var plugin = files.WriteText(
            $$$"""
            #!/bin/sh
            echo run >> {{{runs}}}
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t-'$(wc -l < {{{runs}}})'"}}'

            """,
            "plugin");
        var path = files.Write(server.Address, user: $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: /bin/sh, args: [{plugin}]}}");
        using var client = new KubeClient(KubeConfig.FromFiles([path], null), WireServer.UserAgent, _time);
        _accepted = "Bearer t-2";

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.FindAsync<ConfigMap>(Key, default)));

        Assert.Equal(2, File.ReadAllLines(runs).Length);
    }

    private Task AnswerAsync(HttpContext http)
    {
        var credentials = http.Request.Headers.Authorization.ToString();
        lock (_seen) _seen.Add(credentials);
        return credentials == _accepted
            ? http.Response.JsonAsync(Answers.ConfigMap("one"))
            : http.Response.JsonAsync(Answers.Status(401, "Unauthorized", "Unauthorized"), 401);
    }
}
