using CertOperator.Controllers.Sources;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers.Audits;

/// <summary>All that audits Ingresses, put together. Before the caches start.</summary>
internal sealed class AuditParts
{
    public AuditParts(IKubeClient client, Caches caches, SourceCatalog sources, EventRecorder events, TimeProvider time)
    {
        Look = new AuditLook(client, caches, sources);
        Reconciler = new AuditReconciler(caches.Ingresses.Store, Look, new SourceReporter(events), time);
    }

    public AuditLook Look { get; }

    public AuditReconciler Reconciler { get; }
}
