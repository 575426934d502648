using CertOperator.Api;
using CertOperator.Audit;
using CertOperator.Cli.Clusters;
using CertOperator.Controllers;
using CertOperator.Controllers.Audits;
using CertOperator.Controllers.Certificates;
using CertOperator.Controllers.Sources;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Cli.Audits;

/// <summary>One audit of every Ingress of a namespace or cluster: the operator's own, on caches that are filled once.</summary>
internal sealed class ClusterAudit
{
    private const int PageSize = 500;

    /// <summary>Of a kind; of Secrets only facts are kept, some 1.5 KB each.</summary>
    private const int MostObjects = 200_000;

    private readonly ClusterCall _call;
    private readonly Caches _caches;
    private readonly AuditLook _look;

    public ClusterAudit(ClusterCall call)
    {
        _call = call;
        _caches = new Caches(call.Client, new InformerOptions(), call.Shell.Time, NullLoggerFactory.Instance);
        CertificateReconciler.IndexBySecret(_caches.Certificates.Store);
        _look = new AuditLook(call.Client, _caches, new SourceCatalog(_caches, new SourceOptions(DefaultIssuer: null, ClusterDomain: "")));
    }

    /// <exception cref="KubeException">Ingresses or Secrets cannot be listed.</exception>
    public async Task<AuditResult> RunAsync(CancellationToken cancel)
    {
        await FillAsync(_caches.Ingresses, cancel);
        await FillAsync(_caches.Secrets, cancel, $"type={Secret.TlsType}");
        await TryFillAsync(_caches.Certificates, cancel);
        bool seesClasses = await TryFillAsync(_caches.IngressClasses, cancel);

        var rows = new List<AuditRow>();
        Ingress[] ingresses = [.. _caches.Ingresses.Store.All.Where(IngressAudit.Applies)];
        foreach (Ingress ingress in ingresses.OrderBy(ingress => ingress.Metadata.Namespace, StringComparer.Ordinal).ThenBy(ingress => ingress.Metadata.Name, StringComparer.Ordinal))
        {
            var (around, _) = await _look.AroundAsync(ingress, patience: TimeSpan.Zero, cancel);
            AuditReport report = IngressAudit.Run(ingress, seesClasses ? around : around with { Classes = null }, _call.Shell.Time.GetUtcNow());
            rows.AddRange(report.Findings.Select(finding => AuditRow.Of(ingress, finding)));
        }

        return new AuditResult(ingresses.Length, rows);
    }

    /// <summary>Whoever may not list them, or has no such kind, is audited without.</summary>
    private async Task<bool> TryFillAsync<T>(Informer<T, T> cache, CancellationToken cancel)
        where T : class, IKubeObject<T>
    {
        try
        {
            await FillAsync(cache, cancel);
            return true;
        }
        catch (KubeException refused) when (refused.Failure is KubeFailure.Forbidden or KubeFailure.NotFound)
        {
            return false;
        }
    }

    private async Task FillAsync<T, TView>(Informer<T, TView> cache, CancellationToken cancel, string? fields = null)
        where T : class, IKubeObject<T>
        where TView : class
    {
        try
        {
            await PagesAsync(cache, fields, cancel);
        }
        catch (KubeException stale) when (stale.Failure is KubeFailure.Gone)
        {
            await PagesAsync(cache, fields, cancel);
        }
    }

    private async Task PagesAsync<T, TView>(Informer<T, TView> cache, string? fields, CancellationToken cancel)
        where T : class, IKubeObject<T>
        where TView : class
    {
        string? next = null;
        await using var progress = new ProgressLine(_call.Error, _call.Shell);
        do
        {
            await progress.TellAsync($"Reading {T.Type.Plural}: {cache.Count}");
            ObjectList<T> page = await _call.Client.ListAsync<T>(
                new ListOptions(T.Type.Namespaced ? _call.Scope : null, FieldSelector: fields, Limit: PageSize, Continue: next), cancel);
            foreach (T item in page.Items)
                cache.Observe(item);
            if (page.Undecodable.Count > 0)
                await progress.ClearAsync();
            foreach (UndecodableObject broken in page.Undecodable)
                await _call.Error.WriteLineAsync(Printable.Line($"{T.Type.Kind} {broken.Key} is left out, for it cannot be read: {broken.Reason}"));
            if (cache.Count > MostObjects)
                throw new CommandException($"There are more than {MostObjects} objects of the kind {T.Type.Kind}: audit one namespace at a time, with -n.");
            next = page.Continue;
        }
        while (!string.IsNullOrEmpty(next));
    }
}
