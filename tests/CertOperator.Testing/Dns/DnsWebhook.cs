using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CertOperator.Testing.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CertOperator.Testing.Dns;

/// <summary>
/// A DNS webhook as they are made for cert-manager: an API of its own that the API server aggregates, with one resource that
/// takes a ChallengePayload (<c>webhook.acme.cert-manager.io/v1alpha1</c>). On loopback, over HTTPS.
/// </summary>
public sealed class DnsWebhook : IAsyncDisposable
{
    /// <summary>Its API group.</summary>
    public const string Group = "acme.example.com";

    /// <summary>Its name: the resource of that group.</summary>
    public const string Solver = "test-dns";

    private const string Version = "v1alpha1";

    private readonly WebApplication _app;
    private readonly X509Certificate2 _certificate;
    private readonly Func<JsonObject, Task> _solve;
    private readonly ConcurrentQueue<(string User, JsonObject Request)> _requests = [];

    private DnsWebhook(string serviceName, Func<JsonObject, Task> solve)
    {
        _solve = solve;
        _certificate = LoopbackCertificate.Create(serviceName);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(_certificate)));
        _app = builder.Build();
        _app.MapGet($"/apis/{Group}/{Version}", Resources);
        _app.MapPost($"/apis/{Group}/{Version}/{Solver}", SolveAsync);
    }

    /// <summary>Where it listens.</summary>
    public int Port => new Uri(_app.Urls.Single()).Port;

    /// <summary>PEM of the certificate that it is trusted by.</summary>
    public string Authorities => _certificate.ExportCertificatePem();

    /// <summary>The ChallengeRequests so far, each with the user whom the API server names.</summary>
    public IReadOnlyList<(string User, JsonObject Request)> Requests => [.. _requests];

    /// <summary>Starts on a free port.</summary>
    /// <param name="serviceName">The name by which the API server knows it, <c>NAME.NAMESPACE.svc</c>.</param>
    /// <param name="solve">Does what a ChallengeRequest asks for.</param>
    public static async Task<DnsWebhook> StartAsync(string serviceName, Func<JsonObject, Task> solve)
    {
        var webhook = new DnsWebhook(serviceName, solve);
        await webhook._app.StartAsync();
        return webhook;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
    }

    private static IResult Resources() => Json(StatusCodes.Status200OK, new JsonObject
    {
        ["kind"] = "APIResourceList",
        ["apiVersion"] = "v1",
        ["groupVersion"] = $"{Group}/{Version}",
        ["resources"] = new JsonArray(new JsonObject
        {
            ["name"] = Solver,
            ["singularName"] = "",
            ["namespaced"] = false,
            ["kind"] = "ChallengePayload",
            ["verbs"] = new JsonArray("create"),
        }),
    });

    private async Task<IResult> SolveAsync(HttpRequest call)
    {
        JsonObject payload = (await JsonNode.ParseAsync(call.Body))!.AsObject();
        JsonObject request = payload["request"]!.AsObject();
        _requests.Enqueue((call.Headers["X-Remote-User"].ToString(), request));
        await _solve(request);
        payload["response"] = new JsonObject { ["uid"] = (string?)request["uid"], ["success"] = true };
        return Json(StatusCodes.Status201Created, payload);
    }

    private static IResult Json(int status, JsonObject body) => Results.Text(body.ToJsonString(), "application/json", statusCode: status);
}
