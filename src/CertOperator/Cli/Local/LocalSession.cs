using CertOperator.Api;
using CertOperator.Controllers;
using CertOperator.Runtime.InMemory;

namespace CertOperator.Cli.Local;

/// <summary>The operator on a cluster in memory that is fed from a folder.</summary>
internal sealed class LocalSession(DirectoryInfo directory, DirectoryInfo? output, ILocalView view, TimeProvider time, ILoggerFactory loggers)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly InMemoryCluster _cluster = new(time, new InMemoryClusterOptions { CreateNamespaces = true, CollectGarbageAtOnce = true });

    /// <returns>The exit status: for <paramref name="once"/>, whether everything is ready.</returns>
    public async Task<int> RunAsync(bool once, CancellationToken cancel)
    {
        foreach (var definition in ApiDefinitions.Documents())
            _cluster.RegisterCrd(definition);
        var secrets = output is null ? null : new SecretFolder(output, _cluster);
        Complain(secrets?.Restore() ?? []);
        var manifests = new ManifestFolder(directory, _cluster);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await using Operator certOperator = await Operator.CreateAsync(
            new InMemoryKubeClient(_cluster, ApiGroup.FieldManager), new OperatorOptions(), time, loggers, cancel);
        Task running = certOperator.Manager.RunAsync(stop.Token);
        try
        {
            return once
                ? await OnceAsync(manifests, secrets, certOperator, stop.Token)
                : await WatchAsync(manifests, secrets, certOperator, stop.Token);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    private async Task<int> OnceAsync(ManifestFolder manifests, SecretFolder? secrets, Operator certOperator, CancellationToken cancel)
    {
        IReadOnlyList<string> problems = manifests.Load();
        Complain(problems);
        await SettleAsync(certOperator, cancel);
        secrets?.Save();

        IReadOnlyList<CertificateRow> rows = Rows(certOperator);
        view.Show(rows);
        return rows.All(row => row.Ready) && problems.Count == 0 ? ExitCodes.Ok : ExitCodes.NotReady;
    }

    private async Task<int> WatchAsync(ManifestFolder manifests, SecretFolder? secrets, Operator certOperator, CancellationToken cancel)
    {
        IReadOnlyList<string> told = [];
        IReadOnlyList<CertificateRow>? shown = null;
        while (true)
        {
            IReadOnlyList<string> problems = manifests.Load();
            await SettleAsync(certOperator, cancel);
            secrets?.Save();

            IReadOnlyList<CertificateRow> rows = Rows(certOperator);
            if (shown is null || !rows.SequenceEqual(shown) || !problems.SequenceEqual(told))
            {
                view.Show(shown = rows);
                Complain(told = problems);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), time, cancel);
        }
    }

    /// <summary>Returns when every change has reached everybody and nobody is at work, twice in a row.</summary>
    private async Task SettleAsync(Operator certOperator, CancellationToken cancel)
    {
        for (int quiet = 0; quiet < 2;)
        {
            await Task.Delay(Tick, time, cancel);
            bool idle = certOperator.Caches.All.All(cache => cache.HasSynced) && certOperator.IsIdle && _cluster.UndeliveredEvents == 0;
            quiet = idle ? quiet + 1 : 0;
        }
    }

    private static IReadOnlyList<CertificateRow> Rows(Operator certOperator) =>
    [
        .. certOperator.Caches.Certificates.Store.All.Select(CertificateRow.Of)
            .OrderBy(row => row.Namespace, StringComparer.Ordinal).ThenBy(row => row.Name, StringComparer.Ordinal),
    ];

    private void Complain(IReadOnlyList<string> problems)
    {
        foreach (string problem in problems)
            view.Complain(problem);
    }
}
