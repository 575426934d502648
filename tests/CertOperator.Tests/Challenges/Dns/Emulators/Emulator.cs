using System.Net;
using System.Text.Json.Nodes;
using CertOperator.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CertOperator.Challenges.Dns.Emulators;

/// <summary>A provider's API on the loopback interface, for the zone <c>example.com</c>: it checks credentials and keeps records.</summary>
internal abstract class Emulator : IAsyncDisposable
{
    private readonly WebApplication _app;

    protected Emulator()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    public RecordSets Records { get; } = new();

    public Uri Address { get; private set; } = null!;

    public static async Task<T> StartAsync<T>()
        where T : Emulator, new()
    {
        var emulator = new T();
        await emulator._app.StartAsync();
        emulator.Address = new Uri(emulator._app.Urls.Single() + "/");
        return emulator;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    protected abstract Task AnswerAsync(HttpContext context, string path);

    protected static async Task<JsonObject> ReadJsonAsync(HttpRequest request) => (await JsonNode.ParseAsync(request.Body))!.AsObject();

    protected static Task JsonAsync(HttpResponse response, int status, JsonNode? body)
    {
        response.StatusCode = status;
        if (body is null)
            return Task.CompletedTask;
        response.ContentType = "application/json";
        return response.WriteAsync(body.ToJsonString());
    }

    /// <summary>As providers ask of their callers: who does not say who they are is refused.</summary>
    private Task HandleAsync(HttpContext context) => context.Request.Headers.UserAgent == Product.UserAgent
        ? AnswerAsync(context, context.Request.Path.Value!)
        : JsonAsync(context.Response, StatusCodes.Status403Forbidden, "The request has no User-Agent that names the program and its version.");
}
