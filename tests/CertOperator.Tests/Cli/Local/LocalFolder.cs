using CertOperator.Controllers;
using CertOperator.Testing.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Cli.Local;

/// <summary>A folder of manifests and one for Secrets, real ones, and local sessions on them.</summary>
internal sealed class LocalFolder : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("cert-operator-local-");

    public LocalFolder(string yaml = "")
    {
        Directory.CreateDirectory(Manifests);
        if (yaml.Length > 0)
            Write("all.yaml", yaml);
    }

    public string Manifests => Path.Combine(_root.FullName, "manifests");

    public string Out => Path.Combine(_root.FullName, "out");

    public void Write(string name, string content)
    {
        string path = Path.Combine(Manifests, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    public void Remove(string name) => File.Delete(Path.Combine(Manifests, name));

    /// <summary>A file that the operator wrote for a Secret of namespace shop.</summary>
    public string OutFile(string secret, string entry) => Path.Combine(Out, "shop", secret, entry);

    public async Task<(int ExitCode, LocalState State)> OnceAsync(bool keep = false)
    {
        var view = new LastState();
        return (await Session(view, keep).RunAsync(once: true, CancellationToken.None), view.State!);
    }

    /// <summary>A session that goes on until it is disposed.</summary>
    public LocalWatch Watch(bool keep = false)
    {
        var view = new LastState();
        return new LocalWatch(Session(view, keep), view);
    }

    public LocalSession Session(ILocalView view, bool keep = false) => new(
        new DirectoryInfo(Manifests), keep ? new DirectoryInfo(Out) : null, new OperatorOptions(), view, TimeProvider.System, NullLoggerFactory.Instance);

    public void Dispose() => _root.Delete(recursive: true);
}

/// <summary>Keeps what was shown last.</summary>
internal sealed class LastState : ILocalView
{
    private LocalState? _state;

    public LocalState? State => Volatile.Read(ref _state);

    public void Show(LocalState state) => Volatile.Write(ref _state, state);
}

/// <summary>A local session that is under way.</summary>
internal sealed class LocalWatch : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly LastState _view;
    private readonly Task<int> _running;

    public LocalWatch(LocalSession session, LastState view)
    {
        _view = view;
        _running = session.RunAsync(once: false, _stop.Token);
    }

    public Task UntilAsync(string what, Func<LocalState, bool> holds) => Eventually.HoldsAsync(what, async () =>
    {
        if (_running.IsCompleted)
            await _running;
        return _view.State is { } state && holds(state);
    }, TimeSpan.FromMinutes(2));

    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }
}
