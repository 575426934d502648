using System.Collections.Concurrent;
using System.Net;
using CertOperator.Acme.Challenges;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CertOperator.Benchmarks.Acme;

/// <summary>Answers HTTP-01 in this process: putting a challenge in place costs next to nothing.</summary>
internal sealed class ChallengePort : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, string> _answers = [];
    private readonly WebApplication _app;

    private ChallengePort(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public static async Task<ChallengePort> OpenAsync(int port)
    {
        var opened = new ChallengePort(port);
        await opened._app.StartAsync();
        return opened;
    }

    public void Add(Http01 challenge) => _answers[challenge.Path] = challenge.Body;

    public void Remove(Http01 challenge) => _answers.TryRemove(challenge.Path, out _);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        if (_answers.TryGetValue(context.Request.Path, out var body))
        {
            return context.Response.WriteAsync(body);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
