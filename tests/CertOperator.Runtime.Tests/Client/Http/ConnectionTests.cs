using System.Net.Sockets;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Tests.Kinds;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CertOperator.Runtime.Tests.Client.Http;

public sealed class ConnectionTests
{
    private static readonly ObjectKey Key = new("ns", "one");
    private static readonly ConfigMap Item = new() { Metadata = new ObjectMeta { Name = "one", Namespace = "ns" } };

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://{listener.LocalEndpoint}");
        listener.Stop();
        using var client = new KubeClient(KubeConfig.For(address), WireServer.UserAgent, TimeProvider.System);

        var failure = await Assert.ThrowsAsync<KubeException>(() => client.FindAsync<ConfigMap>(Key, default));

        Assert.Equal(KubeFailure.Unavailable, failure.Failure);
        Assert.Equal("Cannot read configmaps ns/one: no connection to the API server.", failure.Message);
        Assert.Null(failure.InnerException);
    }

    [Fact]
    public async Task A_read_is_repeated_once_when_the_connection_breaks()
    {
        var calls = 0;
        await using var server = await WireServer.StartAsync(http =>
        {
            if (Interlocked.Increment(ref calls) == 1) http.Abort();
            return http.Response.JsonAsync(Answers.ConfigMap("one"));
        });
        using var client = server.Connect();

        Assert.Equal("one", (await client.FindAsync<ConfigMap>(Key, default))?.Metadata.Name);
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task A_read_is_not_repeated_twice_and_a_write_not_at_all()
    {
        var reads = 0;
        var writes = 0;
        await using var server = await WireServer.StartAsync(http =>
        {
            if (http.Request.Method == "GET") Interlocked.Increment(ref reads);
            else Interlocked.Increment(ref writes);
            http.Abort();
            return Task.CompletedTask;
        });
        using var client = server.Connect();

        Assert.Equal(KubeFailure.Unavailable, (await Assert.ThrowsAsync<KubeException>(() => client.FindAsync<ConfigMap>(Key, default))).Failure);
        Assert.Equal(KubeFailure.Unavailable, (await Assert.ThrowsAsync<KubeException>(() => client.ApplyAsync(Item, "m", true, default))).Failure);
        Assert.Equal((2, 1), (reads, writes));
    }

    [Fact]
    public async Task A_silent_server_is_unavailable_after_30_seconds()
    {
        var time = new FakeTimeProvider();
        var asked = new TaskCompletionSource();
        await using var server = await WireServer.StartAsync(http =>
        {
            asked.TrySetResult();
            return Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        using var client = server.Connect(time: time);
        var call = client.CreateAsync(Item, default);
        await asked.Task;

        time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(call.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(0.1));

        var failure = await Assert.ThrowsAsync<KubeException>(() => call);
        Assert.Equal((KubeFailure.Unavailable, "Cannot create configmaps ns/one: the API server gave no answer within 30 s."), (failure.Failure, failure.Message));
    }

    [Fact]
    public async Task A_body_that_never_ends_is_cut_off_by_time_too()
    {
        var time = new FakeTimeProvider();
        var sent = new TaskCompletionSource();
        await using var server = await WireServer.StartAsync(async http =>
        {
            await http.Response.PieceAsync("{\"metadata\":");
            sent.TrySetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        using var client = server.Connect(time: time);
        var call = client.FindAsync<ConfigMap>(Key, default);
        await sent.Task;

        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(KubeFailure.Unavailable, (await Assert.ThrowsAsync<KubeException>(() => call)).Failure);
    }

    [Fact]
    public async Task The_callers_own_cancellation_stays_one()
    {
        using var stop = new CancellationTokenSource();
        await using var server = await WireServer.StartAsync(async http =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        using var client = server.Connect();

        var canceled = await Assert.ThrowsAsync<OperationCanceledException>(() => client.CreateAsync(Item, stop.Token));
        Assert.Null(canceled.InnerException);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(500)]
    public async Task An_endless_body_is_not_swallowed(int code)
    {
        var filler = new string('x', 1 << 20);
        await using var server = await WireServer.StartAsync(async http =>
        {
            http.Response.StatusCode = code;
            await http.Response.PieceAsync("{\"kind\":\"Status\",\"message\":\"");
            while (!http.RequestAborted.IsCancellationRequested) await http.Response.PieceAsync(filler);
        });
        using var client = server.Connect();

        var failure = await Assert.ThrowsAsync<KubeException>(() => client.CreateAsync(Item, default));

        Assert.Equal(code == 200 ? KubeFailure.Other : KubeFailure.Unavailable, failure.Failure);
    }

    [Fact]
    public async Task It_speaks_HTTP_2_over_TLS_to_a_server_of_the_given_authority()
    {
        using var authority = new SomeAuthority();
        using var certificate = authority.Issue();
        using var files = new Kubeconfig();
        var protocol = "";
        await using var server = await WireServer.StartAsync(
            http =>
            {
                protocol = http.Request.Protocol;
                return http.Response.JsonAsync(Answers.ConfigMap("one"));
            },
            certificate);
        using var client = Connect(files.Write(server.Address, authority.Pem));

        Assert.NotNull(await client.FindAsync<ConfigMap>(Key, default));
        Assert.Equal("HTTP/2", protocol);
    }

    [Fact]
    public async Task It_speaks_HTTP_1_1_to_a_proxy_that_knows_no_better()
    {
        using var authority = new SomeAuthority();
        using var certificate = authority.Issue();
        using var files = new Kubeconfig();
        await using var server = await WireServer.StartAsync(http => http.Response.JsonAsync(Answers.ConfigMap("one")), certificate, HttpProtocols.Http1);
        using var client = Connect(files.Write(server.Address, authority.Pem));

        Assert.NotNull(await client.FindAsync<ConfigMap>(Key, default));
    }

    [Fact]
    public async Task A_server_of_another_authority_gets_nothing_until_the_settings_trust_it()
    {
        using var authority = new SomeAuthority();
        using var certificate = authority.Issue();
        using var stranger = new SomeAuthority();
        using var files = new Kubeconfig();
        await using var server = await WireServer.StartAsync(http => http.Response.JsonAsync(Answers.ConfigMap("one")), certificate);
        var time = new FakeTimeProvider();
        using var client = Connect(files.Write(server.Address, stranger.Pem), time);

        var failure = await Assert.ThrowsAsync<KubeException>(() => client.CreateAsync(Item, default));
        Assert.Equal(KubeFailure.Unavailable, failure.Failure);
        Assert.StartsWith("Cannot create configmaps ns/one: no trusted connection to the API server: ", failure.Message, StringComparison.Ordinal);

        files.Write(server.Address, stranger.Pem + "\n" + authority.Pem);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.NotNull(await client.CreateAsync(Item, default));
    }

    [Fact]
    public async Task The_name_that_the_certificate_must_carry_can_be_given()
    {
        using var authority = new SomeAuthority();
        using var certificate = authority.Issue("api.example.com");
        using var files = new Kubeconfig();
        await using var server = await WireServer.StartAsync(http => http.Response.JsonAsync(Answers.ConfigMap("one")), certificate);

        using var wrong = Connect(files.Write(server.Address, authority.Pem));
        Assert.Equal(KubeFailure.Unavailable, (await Assert.ThrowsAsync<KubeException>(() => wrong.CreateAsync(Item, default))).Failure);

        using var right = Connect(files.Write(server.Address, authority.Pem, cluster: "tls-server-name: api.example.com"));
        Assert.NotNull(await right.CreateAsync(Item, default));
    }

    [Fact]
    public async Task A_path_of_the_server_is_kept()
    {
        var path = "";
        await using var server = await WireServer.StartAsync(http =>
        {
            path = http.Request.Path;
            return http.Response.JsonAsync(Answers.ConfigMap("one"));
        });
        using var client = new KubeClient(KubeConfig.For(new Uri(server.Address, "/k8s/clusters/c-1/")), WireServer.UserAgent, TimeProvider.System);

        await client.FindAsync<ConfigMap>(Key, default);

        Assert.Equal("/k8s/clusters/c-1/api/v1/namespaces/ns/configmaps/one", path);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_with_the_token()
    {
        var paths = new List<string>();
        await using var server = await WireServer.StartAsync(http =>
        {
            paths.Add(http.Request.Path);
            http.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        using var client = server.Connect("t");

        Assert.Equal(KubeFailure.Other, (await Assert.ThrowsAsync<KubeException>(() => client.FindAsync<ConfigMap>(Key, default))).Failure);
        Assert.DoesNotContain("/elsewhere", paths);
    }

    private static KubeClient Connect(string kubeconfig, TimeProvider? time = null)
        => new(KubeConfig.FromFiles([kubeconfig], null), WireServer.UserAgent, time ?? TimeProvider.System);
}
