using System.Diagnostics;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Benchmarks.Acme;

/// <summary>lego and certbot of Debian as their users run them: a process for each certificate, which answers HTTP-01 itself.</summary>
internal sealed class PeerRun(PebbleServer server, int port) : IDisposable
{
    private const int Count = 5;
    private const string Email = "test@example.com";

    private readonly string _folder = Directory.CreateTempSubdirectory("cert-operator-peers-").FullName;

    public async Task RunAsync(TextWriter output, CancellationToken cancel)
    {
        await File.WriteAllTextAsync(Trusted, server.TrustPem, cancel);
        await PrintAsync(output, "lego", LegoAsync, cancel);
        await PrintAsync(output, "certbot", CertbotAsync, cancel);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Trusted => Path.Combine(_folder, "trust.pem");

    /// <summary>The first certificate is for the account, which is registered with it, and does not count.</summary>
    private static async Task PrintAsync(TextWriter output, string name, Func<string, Task> issue, CancellationToken cancel)
    {
        var times = new List<TimeSpan>();
        foreach (var host in Enumerable.Range(1, Count + 1).Select(number => Workload.Host(Workload.Name(number))))
        {
            cancel.ThrowIfCancellationRequested();
            var since = Stopwatch.GetTimestamp();
            await issue(host);
            times.Add(Stopwatch.GetElapsedTime(since));
        }

        times.RemoveAt(0);
        output.WriteLine($"{name}, {Count} one after the other: wall time of one median {Figures.Milliseconds(Figures.Percentile(times, 0.5))}, {Figures.Milliseconds(times.Min())} to {Figures.Milliseconds(times.Max())}");
    }

    private async Task LegoAsync(string host)
    {
        var run = await Command.RunAsync(
            TestCache.Lego,
            [
                "--server", server.DirectoryUrl.OriginalString, "--accept-tos", "--email", Email, "--domains", host,
                "--http", "--http.port", $"127.0.0.1:{port}", "--path", _folder, "run",
            ],
            environment: new Dictionary<string, string> { ["LEGO_CA_CERTIFICATES"] = Trusted });
        run.OrThrow();
    }

    private async Task CertbotAsync(string host)
    {
        var run = await Command.RunAsync(
            "/usr/bin/python3",
            [
                TestCache.Certbot, "certonly", "--standalone", "--non-interactive", "--agree-tos", "--email", Email, "--no-eff-email",
                "--server", server.DirectoryUrl.OriginalString, "--http-01-port", $"{port}", "--http-01-address", "127.0.0.1",
                "--config-dir", _folder, "--work-dir", _folder, "--logs-dir", _folder, "-d", host,
            ],
            environment: new Dictionary<string, string> { ["REQUESTS_CA_BUNDLE"] = Trusted, ["PYTHONPATH"] = TestCache.CertbotModules });
        run.OrThrow();
    }
}
