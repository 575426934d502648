using System.Collections.Concurrent;
using CertOperator.Acme.Issuance;
using CertOperator.Runtime.Client;

namespace CertOperator.Issuers.Acme;

/// <summary>
/// What is known of orders under way beyond what stands in status: which challenges are in place and answered, and when the next
/// step is due. It spares requests and writes; a restart loses it, and the CA is asked.
/// </summary>
internal sealed class OrdersUnderWay
{
    private readonly ConcurrentDictionary<ObjectKey, OrderUnderWay> _orders = [];
    private readonly ConcurrentDictionary<ObjectKey, bool> _woken = [];

    /// <summary>Of a Certificate, if it is for the same request at the same account.</summary>
    public OrderUnderWay? Find(ObjectKey certificate, string request)
        => _orders.TryGetValue(certificate, out OrderUnderWay? order) && order.Request == request ? order : null;

    public void Set(ObjectKey certificate, OrderUnderWay order) => _orders[certificate] = order;

    /// <summary>A challenge came to be in place: an order that waits for that need not wait for its time.</summary>
    public void Wake(ObjectKey certificate)
    {
        if (_orders.ContainsKey(certificate))
            _woken[certificate] = true;
    }

    /// <summary>Whether that was so since this was last asked.</summary>
    public bool TakeWake(ObjectKey certificate) => _woken.TryRemove(certificate, out _);

    public void Forget(ObjectKey certificate)
    {
        _orders.TryRemove(certificate, out _);
        _woken.TryRemove(certificate, out _);
    }
}

/// <param name="Request">Names issuer and request.</param>
/// <param name="State">The order; null while it may not be made yet.</param>
/// <param name="Failures">Failures since something went well.</param>
/// <param name="IsStored">Whether it stood in status already when this was noted.</param>
/// <param name="Last">What the last step said; it holds until its time has come.</param>
/// <param name="Findings">What was found on the way.</param>
internal sealed record OrderUnderWay(string Request, OrderState? State, int Failures, bool IsStored, IssuanceStep.Pending Last, OrderFindings Findings);
