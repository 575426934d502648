using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Testing.Api;
using static CertOperator.Runtime.Tests.InMemory.World;

namespace CertOperator.Runtime.Tests.InMemory;

public sealed class FakeApiServerTests : IAsyncLifetime
{
    private const string WidgetsPath = "/apis/tests.example/v1/namespaces/shop/widgets";
    private readonly World _world = new();
    private FakeApiServer _server = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeApiServer.StartAsync(_world.Cluster);
        _http = new HttpClient { BaseAddress = _server.Address, DefaultRequestHeaders = { UserAgent = { new ProductInfoHeaderValue("tester", "1") } } };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_object_goes_through_its_life_by_URL()
    {
        var (created, object1) = await SendAsync("POST", WidgetsPath, Widget("w"));
        object1["spec"]!["size"] = 2;
        var (replaced, _) = await SendAsync("PUT", WidgetsPath + "/w", object1);
        var (patched, object3) = await SendAsync("PATCH", WidgetsPath + "/w", Json("""{"spec": {"code": "x"}}"""), "application/merge-patch+json");
        var (deleted, status) = await SendAsync("DELETE", WidgetsPath + "/w");
        var (missing, refusal) = await SendAsync("GET", WidgetsPath + "/w");

        Assert.Equal(
            [HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NotFound],
            [created, replaced, patched, deleted, missing]);
        Assert.Equal((2, "x"), ((int)object3["spec"]!["size"]!, (string)object3["spec"]!["code"]!));
        Assert.Equal("Success", (string?)status["status"]);
        Assert.Equal(("Status", "NotFound", 404), ((string?)refusal["kind"], (string?)refusal["reason"], (int)refusal["code"]!));
    }

    [Fact]
    public async Task Apply_tells_creation_from_change_and_shows_who_manages_what()
    {
        const string Path = WidgetsPath + "/w?fieldManager=me&force=true";
        var (first, _) = await SendAsync("PATCH", Path, Widget("w"), "application/apply-patch+yaml");
        var (second, changed) = await SendAsync("PATCH", Path, Widget("w", """{"size": 2}"""), "application/apply-patch+yaml");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (first, second));
        Assert.Equal("me", (string?)changed["metadata"]!["managedFields"]![0]!["manager"]);
    }

    [Fact]
    public async Task Apply_wants_a_field_manager()
        => Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync("PATCH", WidgetsPath + "/w", Widget("w"), "application/apply-patch+yaml")).Status);

    [Fact]
    public async Task Status_has_its_own_URL()
    {
        await SendAsync("POST", WidgetsPath, Widget("w"));

        var (_, changed) = await SendAsync(
            "PATCH", WidgetsPath + "/w/status?fieldManager=me", WidgetStatus("w", """{"phase": "Ready"}"""), "application/apply-patch+yaml");
        var (nowhere, _) = await SendAsync("GET", "/api/v1/namespaces/shop/secrets/s/status");

        Assert.Equal("Ready", (string?)changed["status"]!["phase"]);
        Assert.Equal(HttpStatusCode.NotFound, nowhere);
    }

    [Theory]
    [InlineData("application/json-patch+json")]
    [InlineData("application/strategic-merge-patch+json")]
    [InlineData("application/json")]
    public async Task Patches_that_the_cluster_does_not_know_are_refused(string mediaType)
        => Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await SendAsync("PATCH", WidgetsPath + "/w", Widget("w"), mediaType)).Status);

    [Theory]
    [InlineData("{", 400)]
    [InlineData("[]", 400)]
    [InlineData("{\"a\": 1, \"a\": 2}", 400)]
    [InlineData("", 400)]
    public async Task A_body_that_is_no_object_is_refused(string body, int code)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        Assert.Equal(code, (int)(await _http.PostAsync(WidgetsPath, content, Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_body_beyond_three_MiB_is_refused()
    {
        var (status, _) = await SendAsync("POST", WidgetsPath, Widget("w", $$"""{"size": 1, "code": "{{new string('x', 3 * 1024 * 1024)}}"}"""));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
    }

    [Fact]
    public async Task Discovery_names_every_kind()
    {
        var (_, groups) = await SendAsync("GET", "/apis");
        var (_, core) = await SendAsync("GET", "/api/v1");
        var (_, widgets) = await SendAsync("GET", "/apis/tests.example/v1");

        Assert.Contains("tests.example", groups["groups"]!.AsArray().Select(group => (string?)group!["name"]));
        Assert.Contains("secrets", core["resources"]!.AsArray().Select(resource => (string?)resource!["name"]));
        Assert.Equal(["widgets", "widgets/status"], widgets["resources"]!.AsArray().Select(resource => (string?)resource!["name"]));
    }

    [Fact]
    public async Task A_list_comes_in_pages()
    {
        foreach (var name in new[] { "a", "b", "c" }) await SendAsync("POST", WidgetsPath, Widget(name));

        var (_, first) = await SendAsync("GET", WidgetsPath + "?limit=2");
        var (_, second) = await SendAsync("GET", $"{WidgetsPath}?limit=2&continue={Uri.EscapeDataString((string)first["metadata"]!["continue"]!)}");

        Assert.Equal(("WidgetList", 1), ((string?)first["kind"], (int)first["metadata"]!["remainingItemCount"]!));
        Assert.Equal("c", (string?)second["items"]!.AsArray().Single()!["metadata"]!["name"]);
    }

    [Fact]
    public async Task A_watch_streams_lines_as_things_happen_and_ends_on_time_with_a_bookmark()
    {
        var start = Version(_world.Cluster.Create(Widget("w")));
        using var lines = await WatchAsync($"resourceVersion={start}&allowWatchBookmarks=true&timeoutSeconds=1");

        _world.Patch(Widgets, "w", """{"spec": {"size": 2}}""");
        var modified = Json((await lines.ReadLineAsync(Cancel))!);
        var bookmark = Json((await lines.ReadLineAsync(Cancel))!);

        Assert.Equal(("MODIFIED", 2), ((string?)modified["type"], (int)modified["object"]!["spec"]!["size"]!));
        Assert.Equal("BOOKMARK", (string?)bookmark["type"]);
        Assert.Null(await lines.ReadLineAsync(Cancel));
    }

    [Fact]
    public async Task A_watch_from_a_forgotten_version_streams_an_error()
    {
        var start = Version(_world.Cluster.Create(Widget("w")));
        _world.Patch(Widgets, "w", """{"spec": {"size": 2}}""");
        _world.Cluster.CompactHistory();

        using var lines = await WatchAsync($"resourceVersion={start}");
        var line = Json((await lines.ReadLineAsync(Cancel))!);

        Assert.Equal(("ERROR", 410, "Expired"), ((string?)line["type"], (int)line["object"]!["code"]!, (string?)line["object"]!["reason"]));
    }

    [Fact]
    public async Task A_watch_can_break_in_the_middle_of_a_line()
    {
        using var lines = await WatchAsync("resourceVersion=0");
        _server.WatchFaults.BreakNextEvent();

        _world.Cluster.Create(Widget("w"));

        await Assert.ThrowsAnyAsync<IOException>(async () => await lines.ReadToEndAsync(Cancel));
    }

    [Fact]
    public async Task A_token_is_asked_for_when_one_is_required()
    {
        _server.RequiredToken = "secret-token";
        var (without, status) = await SendAsync("GET", WidgetsPath);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret-token");
        var (with, _) = await SendAsync("GET", WidgetsPath);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (without, with));
        Assert.Equal("Unauthorized", (string?)status["reason"]);
    }

    [Fact]
    public async Task A_throttled_client_is_told_when_to_come_back()
    {
        _world.Cluster.Faults.FailNext("list", Widgets, KubeFailure.Throttled, retryAfter: TimeSpan.FromSeconds(3));

        using var response = await _http.GetAsync(WidgetsPath, Cancel);

        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(3)), (response.StatusCode, response.Headers.RetryAfter!.Delta));
    }

    [Fact]
    public async Task It_speaks_HTTP_2_over_TLS()
    {
        await using var server = await FakeApiServer.StartAsync(_world.Cluster, https: true);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == server.Certificate!.GetCertHashString();
        using var http = new HttpClient(handler) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using var response = await http.GetAsync(new Uri(server.Address, "/version"), Cancel);

        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (response.StatusCode, response.Version));
    }

    [Theory]
    [InlineData("GET", "/apis/nowhere/v1/things")]
    [InlineData("GET", "/api/v1/secrets/s")]
    [InlineData("GET", "/apis/tests.example/v2/widgets")]
    public async Task What_is_not_served_is_not_found(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        Assert.Equal(HttpStatusCode.NotFound, (await _http.SendAsync(request, Cancel)).StatusCode);
    }

    private async Task<StreamReader> WatchAsync(string query)
    {
        var response = await _http.GetAsync($"{WidgetsPath}?watch=true&{query}", HttpCompletionOption.ResponseHeadersRead, Cancel);
        return new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
    }

    private async Task<(HttpStatusCode Status, JsonObject Body)> SendAsync(string method, string path, JsonObject? body = null, string mediaType = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, mediaType);
        using var response = await _http.SendAsync(request, Cancel);
        return (response.StatusCode, Json(await response.Content.ReadAsStringAsync(Cancel)));
    }
}
