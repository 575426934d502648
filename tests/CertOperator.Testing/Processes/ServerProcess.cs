using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace CertOperator.Testing.Processes;

/// <summary>A server that a test started: its output goes to a log file, and it never outlives the test process.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int HangUp = 1;

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    private readonly Process _process;

    private ServerProcess(Process process, string logPath)
    {
        _process = process;
        LogPath = logPath;
    }

    public string LogPath { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>User and system time since the start.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes => MemoryBytes("VmRSS:");

    /// <summary>The most resident memory so far, in bytes.</summary>
    public long PeakResidentBytes => MemoryBytes("VmHWM:");

    public static ServerProcess Start(
        string program,
        IEnumerable<string> arguments,
        string logPath,
        IReadOnlyDictionary<string, string>? environment = null,
        string deathSignal = "KILL")
    {
        // The shell only redirects; setpriv has the kernel signal the server when the test process dies.
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", "exec >>\"$0\" 2>&1 </dev/null; exec setpriv --pdeathsig \"$@\"", logPath, deathSignal, program },
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new ServerProcess(LastingThread.Run(() => Process.Start(start)!), logPath);
    }

    public string ReadLog() => File.Exists(LogPath) ? File.ReadAllText(LogPath) : "";

    /// <summary>SIGHUP, on which nginx reads its configuration again.</summary>
    public void Reload() => Send(HangUp);

    /// <summary>SIGTERM, as the kubelet stops a pod; SIGKILL after 20 seconds.</summary>
    public async Task<int> StopAsync()
    {
        Send(Terminate);
        using var patience = new CancellationTokenSource(StopTimeout);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync();
        }

        return _process.ExitCode;
    }

    /// <summary>SIGKILL, as when a node dies.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private long MemoryBytes(string field)
    {
        var line = File.ReadLines($"/proc/{Id}/status").First(l => l.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(field.Length).Trim(" \tkB"), CultureInfo.InvariantCulture);
    }

    private void Send(int signal)
    {
        // Without this check the signal could reach a process that was given the same id since.
        if (!_process.HasExited)
        {
            _ = Kill(Id, signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
