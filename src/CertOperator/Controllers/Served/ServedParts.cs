using CertOperator.Runtime.Client;

namespace CertOperator.Controllers.Served;

/// <summary>All that verifies what is served, put together. Before the caches start.</summary>
internal sealed class ServedParts
{
    public ServedParts(Caches caches, Func<ObjectKey, IEnumerable<ObjectKey>> namers, ServedOptions? options, TimeProvider time)
    {
        Desk = new ServedDesk(caches, namers, options);
        if (options is not null)
            Reconciler = new ServedReconciler(caches, Desk, new ServedProber(options, time), options, time);
    }

    public ServedDesk Desk { get; }

    /// <summary>Null if nothing is verified.</summary>
    public ServedReconciler? Reconciler { get; }
}
