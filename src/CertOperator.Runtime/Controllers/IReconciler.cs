using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.Controllers;

/// <summary>Brings the world in line with one object. It gets a key, never an event: it reads what is true now.</summary>
public interface IReconciler
{
    /// <summary>
    /// One attempt. Whatever it throws is retried with growing delays; a <see cref="TerminalException"/> only when
    /// something changes. It never runs twice at once for a key.
    /// </summary>
    Task<Outcome> ReconcileAsync(ObjectKey key, CancellationToken cancel);
}
