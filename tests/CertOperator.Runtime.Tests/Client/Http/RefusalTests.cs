using System.Globalization;
using System.Net;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;
using CertOperator.Runtime.Tests.Kinds;

namespace CertOperator.Runtime.Tests.Client.Http;

public sealed class RefusalTests
{
    private static readonly ObjectKey Key = new("ns", "one");
    private static readonly ConfigMap Item = new() { Metadata = new ObjectMeta { Name = "one", Namespace = "ns" } };

    [Theory]
    [InlineData(400, "BadRequest", KubeFailure.Invalid)]
    [InlineData(401, "Unauthorized", KubeFailure.Unauthorized)]
    [InlineData(403, "Forbidden", KubeFailure.Forbidden)]
    [InlineData(404, "NotFound", KubeFailure.NotFound)]
    [InlineData(409, "AlreadyExists", KubeFailure.AlreadyExists)]
    [InlineData(409, "Conflict", KubeFailure.Conflict)]
    [InlineData(410, "Expired", KubeFailure.Gone)]
    [InlineData(413, "RequestEntityTooLarge", KubeFailure.Invalid)]
    [InlineData(422, "Invalid", KubeFailure.Invalid)]
    [InlineData(429, "TooManyRequests", KubeFailure.Throttled)]
    [InlineData(500, "InternalError", KubeFailure.Unavailable)]
    [InlineData(503, "ServiceUnavailable", KubeFailure.Unavailable)]
    [InlineData(418, "Teapot", KubeFailure.Other)]
    public async Task A_refusal_has_its_class_and_tells_what_was_tried_and_what_the_server_said(int code, string reason, KubeFailure expected)
    {
        await using var server = await WireServer.StartAsync(http => http.Response.JsonAsync(Answers.Status(code, reason, "told you"), code));
        using var client = server.Connect();

        var refusal = await Assert.ThrowsAsync<KubeException>(() => client.CreateAsync(Item, default));

        Assert.Equal(expected, refusal.Failure);
        Assert.StartsWith($"Cannot create configmaps ns/one: told you ({code}).", refusal.Message, StringComparison.Ordinal);
        Assert.Null(refusal.InnerException);
    }

    [Fact]
    public async Task A_write_into_a_namespace_that_is_being_deleted_says_so()
    {
        const string details = """{"causes":[{"reason":"NamespaceTerminating","message":"being deleted","field":"metadata.namespace"}]}""";
        await using var server = await WireServer.StartAsync(http => http.Response.JsonAsync(Answers.Status(403, "Forbidden", "no", details), 403));
        using var client = server.Connect();

        Assert.True((await Assert.ThrowsAsync<KubeException>(() => client.CreateAsync(Item, default))).NamespaceTerminating);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("Mon, 23 Nov 2026 10:00:30 GMT", 30)]
    [InlineData("Mon, 23 Nov 2026 09:00:00 GMT", 0)]
    [InlineData("999999", 3600)]
    public async Task The_time_to_wait_is_taken_from_the_header(string header, int seconds)
    {
        var time = new FakeTimeProvider(DateTimeOffset.Parse("2026-11-23T10:00:00Z", CultureInfo.InvariantCulture));
        await using var server = await WireServer.StartAsync(http =>
        {
            http.Response.Headers.RetryAfter = header;
            return http.Response.JsonAsync(Answers.Status(429, "TooManyRequests", "slow down"), 429);
        });
        using var client = server.Connect(time: time);

        Assert.Equal(TimeSpan.FromSeconds(seconds), (await Assert.ThrowsAsync<KubeException>(() => client.CreateAsync(Item, default))).RetryAfter);
    }

    [Fact]
    public async Task The_time_to_wait_may_stand_in_the_body()
    {
        await using var server = await WireServer.StartAsync(
            http => http.Response.JsonAsync(Answers.Status(500, "ServerTimeout", "busy", """{"retryAfterSeconds":3}"""), 500));
        using var client = server.Connect();

        Assert.Equal(TimeSpan.FromSeconds(3), (await Assert.ThrowsAsync<KubeException>(() => client.CreateAsync(Item, default))).RetryAfter);
    }

    [Theory]
    [InlineData(200, "<html>Sign in</html>", "text/html", KubeFailure.Other)]
    [InlineData(302, "<html>Sign in</html>", "text/html", KubeFailure.Other)]
    [InlineData(404, "<html>Nothing here</html>", "text/html", KubeFailure.Other)]
    [InlineData(502, "<html>Bad gateway</html>", "text/html", KubeFailure.Unavailable)]
    [InlineData(429, "<html>Slow down</html>", "text/html", KubeFailure.Throttled)]
    [InlineData(404, "404 page not found", "text/plain", KubeFailure.NotFound)]
    [InlineData(404, "{\"error\":\"nope\"}", "application/json", KubeFailure.Other)]
    [InlineData(200, "", "application/json", KubeFailure.Other)]
    [InlineData(200, "null", "application/json", KubeFailure.Other)]
    [InlineData(200, "[1,2", "application/json", KubeFailure.Other)]
    [InlineData(200, "{\"metadata\":null}", "application/json", KubeFailure.Other)]
    [InlineData(200, "{\"metadata\":{\"name\":7}}", "application/json", KubeFailure.Other)]
    [InlineData(500, "{\"kind\":\"Status\",\"code\":\"five\"}", "application/json", KubeFailure.Unavailable)]
    public async Task A_reply_that_is_not_from_Kubernetes_is_never_taken_for_an_absent_object(int code, string body, string type, KubeFailure expected)
    {
        await using var server = await WireServer.StartAsync(http => http.Response.SayAsync(body, type, code));
        using var client = server.Connect();

        Assert.Equal(expected, (await Assert.ThrowsAsync<KubeException>(() => client.FindAsync<ConfigMap>(Key, default))).Failure);
    }

    [Fact]
    public async Task An_absent_object_is_null_to_read_and_no_error_to_delete()
    {
        await using var server = await WireServer.StartAsync(http => http.Response.JsonAsync(Answers.Status(404, "NotFound", "gone"), 404));
        using var client = server.Connect();

        Assert.Null(await client.FindAsync<ConfigMap>(Key, default));
        await client.DeleteAsync<ConfigMap>(Key, null, default);
    }

    [Theory]
    [InlineData(409, "Conflict")]
    [InlineData(422, "Invalid")]
    [InlineData(500, "InternalError")]
    public async Task A_server_that_echoes_a_Secret_and_the_token_puts_neither_into_the_exception(int code, string reason)
    {
        const string token = "eyJhbGciOiJSUzI1NiJ9.short.tail-of-token";
        using var key = System.Security.Cryptography.ECDsa.Create();
        var pem = key.ExportPkcs8PrivateKeyPem();
        var secret = new Secret
        {
            Metadata = new ObjectMeta { Name = "web-tls", Namespace = "ns" },
            Data = new Dictionary<string, byte[]> { ["tls.key"] = System.Text.Encoding.ASCII.GetBytes(pem) },
        };
        await using var server = await WireServer.StartAsync(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var echo = $"denied: {http.Request.Headers.Authorization} {await reader.ReadToEndAsync()} {pem}";
            await http.Response.JsonAsync(Answers.Status(code, reason, WebUtility.HtmlEncode(echo).Replace("\n", "\\n", StringComparison.Ordinal)), code);
        });
        using var client = server.Connect(token);

        var refusal = (await Assert.ThrowsAsync<KubeException>(() => client.CreateAsync(secret, default))).ToString();

        Assert.Contains("denied", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain(token, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("tail-of-token", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", refusal, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String(secret.Data["tls.key"])[..24], refusal, StringComparison.Ordinal);
        Assert.All(pem.Split('\n')[1..^1], line => Assert.DoesNotContain(line, refusal, StringComparison.Ordinal));
    }
}
