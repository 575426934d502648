using System.Diagnostics;
using System.Security.Cryptography;
using CertOperator.Testing.Acme;

namespace CertOperator.Benchmarks.Acme;

/// <summary>The library and the floor client in this process, in turn on the same names, so that they meet the same load.</summary>
internal sealed class InProcessRun(PebbleServer server, int port)
{
    private const int WarmUp = 20;
    private const int Counted = 20;
    private const int Rounds = 5;

    public async Task<InProcessResult> RunAsync(int count, CancellationToken cancel)
    {
        await using var challenges = await ChallengePort.OpenAsync(port);
        using var library = await LibraryClient.OpenAsync(server, challenges);
        using var floor = await FloorClient.OpenAsync(server, challenges);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // No client gets a name twice: Pebble now and then takes what it validated before.
        string[] names = [.. Enumerable.Range(1, WarmUp + Counted + count).Select(number => Workload.Host(Workload.Name(number)))];
        var requests = names.ToDictionary(name => name, name => LibraryClient.SigningRequest(key, name));
        Func<string, Task> ofLibrary = library.IssueAsync;
        Func<string, Task> ofFloor = name => floor.IssueAsync(name, requests[name]);

        await RoundAsync(names[..WarmUp], ofLibrary, ofFloor, cancel);
        var counted = names[WarmUp..(WarmUp + Counted)];
        var (ofOurs, ofTheirs) = (await CountAsync(counted, ofLibrary), await CountAsync(counted, ofFloor));
        using var requestTime = new RequestTime();
        var rounds = await RoundsAsync(names[(WarmUp + Counted)..], ofLibrary, ofFloor, cancel);
        return new InProcessResult(ofOurs, ofTheirs, rounds, requestTime.Total);
    }

    private static async Task<IReadOnlyList<Round>> RoundsAsync(string[] names, Func<string, Task> library, Func<string, Task> floor, CancellationToken cancel)
    {
        var rounds = new List<Round>();
        foreach (var some in names.Chunk((names.Length + Rounds - 1) / Rounds))
        {
            rounds.Add(await RoundAsync(some, library, floor, cancel));
        }

        return rounds;
    }

    private static async Task<Round> RoundAsync(string[] names, Func<string, Task> library, Func<string, Task> floor, CancellationToken cancel)
    {
        var round = new Round([], []);
        foreach (var name in names)
        {
            cancel.ThrowIfCancellationRequested();
            round.Library.Add(await TimeAsync(library, name));
            round.Floor.Add(await TimeAsync(floor, name));
        }

        return round;
    }

    private static async Task<TimeSpan> TimeAsync(Func<string, Task> issue, string name)
    {
        var since = Stopwatch.GetTimestamp();
        await issue(name);
        return Stopwatch.GetElapsedTime(since);
    }

    /// <summary>Requests that the server saw for one certificate.</summary>
    private async Task<double> CountAsync(string[] names, Func<string, Task> issue)
    {
        var before = server.CountRequests();
        foreach (var name in names)
        {
            await issue(name);
        }

        return (double)(server.CountRequests() - before) / names.Length;
    }
}
