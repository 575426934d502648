using System.Net;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Controllers;
using CertOperator.Issuers.Acme;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Web;

namespace CertOperator.Cli.Local;

/// <summary>The operator on a cluster in memory that is fed from a folder.</summary>
internal sealed class LocalSession(
    DirectoryInfo directory, DirectoryInfo? output, OperatorOptions options, ILocalView view, TimeProvider time, ILoggerFactory loggers)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a single pass waits for ACME servers, and for what they look at.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>How long it may take to give up what is under way in the end.</summary>
    private static readonly TimeSpan Tidying = TimeSpan.FromSeconds(20);

    private readonly InMemoryCluster _cluster = new(time, new InMemoryClusterOptions { CreateNamespaces = true, CollectGarbageAtOnce = true });

    /// <summary>Where HTTP-01 challenges are answered; null for nowhere.</summary>
    public IPEndPoint? Acme { get; init; }

    /// <summary>Where TLS-ALPN-01 challenges are answered; null for nowhere.</summary>
    public IPEndPoint? AcmeTls { get; init; }

    /// <returns>The exit status.</returns>
    public async Task<int> RunAsync(bool once, CancellationToken cancel)
    {
        try
        {
            return await ServeAsync(once, cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // Watching ends in no other way; a single pass that was broken off has shown nothing.
            return once ? ExitCodes.Failed : ExitCodes.Ok;
        }
    }

    private async Task<int> ServeAsync(bool once, CancellationToken cancel)
    {
        foreach (var definition in ApiDefinitions.Documents())
            _cluster.RegisterCrd(definition);
        _cluster.RegisterCrd(GatewayDefinition.Document());
        var secrets = output is null ? null : new SecretFolder(output, _cluster);
        IReadOnlyList<Problem> notRestored = secrets?.Restore() ?? [];
        var manifests = new ManifestFolder(new ManifestFiles(directory, output), _cluster);

        using var stop = new CancellationTokenSource();
        await using Operator certOperator = await Operator.CreateAsync(
            new InMemoryKubeClient(_cluster, ApiGroup.FieldManager), options, time, loggers, cancel);
        await using WebApplication answers = ChallengeServer.Create(certOperator.Challenges, Acme, AcmeTls, time, loggers);
        if ((Acme ?? AcmeTls) is not null)
            await ListenAddress.StartAsync(answers, cancel, Acme, AcmeTls);
        long since = time.GetTimestamp();
        Task running = certOperator.Manager.RunAsync(stop.Token);
        try
        {
            for (LocalState? shown = null; ;)
            {
                IReadOnlyList<Problem> inFiles = manifests.Load();
                await SettleAsync(certOperator, running, cancel);
                // The operator may have made a Secret of a Certificate that was just removed.
                _cluster.CollectGarbage();
                IReadOnlyList<Problem> notWritten = secrets?.Save() ?? [];

                LocalState state = new LocalReport(certOperator, manifests).State([.. notRestored, .. inFiles, .. notWritten]);
                bool isWaiting = once && time.GetElapsedTime(since) < Patience && certOperator.Caches.Certificates.Store.All.Any(OrderProgress.GoesOn);
                // Of a single pass only the end is shown.
                if (!isWaiting && !state.Equals(shown))
                    view.Show(shown = state);
                if (once && !isWaiting)
                    return state.IsGood ? ExitCodes.Ok : ExitCodes.NotReady;
                await Task.Delay(Look, time, cancel);
            }
        }
        finally
        {
            await TidyAsync(certOperator, running);
            await stop.CancelAsync();
            await running;
        }
    }

    /// <summary>Gives up the orders whose end nobody waits for, as for Certificates that are deleted: no record of them is left anywhere.</summary>
    private async Task TidyAsync(Operator certOperator, Task running)
    {
        ObjectKey[] open = [.. certOperator.Caches.Certificates.Store.All.Where(certificate => certificate.Status?.Issuance is not null)
            .Select(certificate => new ObjectKey(certificate.Metadata.Namespace!, certificate.Metadata.Name!))];
        if (open.Length == 0 || running.IsCompleted)
            return;

        // Whose Certificate is deleted would have another one made.
        foreach (ResourceType source in (ResourceType[])[Ingress.Type, Service.Type, Gateway.Type])
        {
            foreach (JsonObject item in _cluster.List(source))
                _cluster.Delete(source, new ObjectKey((string)item["metadata"]!["namespace"]!, (string)item["metadata"]!["name"]!));
        }

        foreach (ObjectKey key in open.Where(key => _cluster.Find(Certificate.Type, key) is not null))
            _cluster.Delete(Certificate.Type, key);
        using var limit = new CancellationTokenSource(Tidying, time);
        try
        {
            await SettleAsync(certOperator, running, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync($"Orders of {string.Join(", ", open)} could not be given up in {Tidying.TotalSeconds:0} seconds: records of theirs may be left at the DNS provider.");
        }
    }

    /// <summary>Returns when every change has reached everybody and nobody is at work, twice in a row.</summary>
    private async Task SettleAsync(Operator certOperator, Task running, CancellationToken cancel)
    {
        for (int quiet = 0; quiet < 2;)
        {
            if (running.IsCompleted)
                await running;
            await Task.Delay(Tick, time, cancel);
            bool idle = certOperator.Caches.All.All(cache => cache.HasSynced) && certOperator.IsIdle && _cluster.UndeliveredEvents == 0;
            quiet = idle ? quiet + 1 : 0;
        }
    }
}
