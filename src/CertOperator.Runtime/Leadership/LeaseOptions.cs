using CertOperator.Runtime.Client;

namespace CertOperator.Runtime.Leadership;

/// <summary>Which lease to compete for, and the times that all competitors must agree on.</summary>
/// <param name="Lease">Namespace and name of the Lease.</param>
/// <param name="Identity">Different for every process, restarts included: host name and a random part.</param>
public sealed record LeaseOptions(ObjectKey Lease, string Identity)
{
    /// <summary>How long others wait after the last renewal before they take over; whole seconds.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The leader steps down when it could not renew for so long; shorter than <see cref="Duration"/>.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two tries to take or renew the lease.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);
}
