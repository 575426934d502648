namespace CertOperator.Runtime.Client;

/// <summary>Why the API server did not do what was asked.</summary>
public enum KubeFailure
{
    /// <summary>404: no such object, kind or namespace.</summary>
    NotFound,

    /// <summary>409 Conflict: stale resourceVersion, other uid, or a field that another manager owns.</summary>
    Conflict,

    /// <summary>409 AlreadyExists.</summary>
    AlreadyExists,

    /// <summary>410: the resourceVersion or continue token is too old.</summary>
    Gone,

    /// <summary>400 or 422: the object breaks a rule of its kind.</summary>
    Invalid,

    /// <summary>403: RBAC or admission says no; also writing into a namespace that is being deleted.</summary>
    Forbidden,

    /// <summary>401: the credentials are not accepted.</summary>
    Unauthorized,

    /// <summary>429.</summary>
    Throttled,

    /// <summary>5xx, no connection, time-out.</summary>
    Unavailable,

    /// <summary>Anything else, a reply that is not Kubernetes' included.</summary>
    Other,
}

/// <summary>
/// A refused or failed call. It carries no request, no response body and no inner exception of the HTTP stack: those
/// can hold private keys and tokens.
/// </summary>
public sealed class KubeException(KubeFailure failure, string message, TimeSpan? retryAfter = null, bool namespaceTerminating = false)
    : Exception(message)
{
    /// <summary>Class of failure.</summary>
    public KubeFailure Failure { get; } = failure;

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>The write was refused because its namespace is being deleted, or gone: nothing is left to do there.</summary>
    public bool NamespaceTerminating { get; } = namespaceTerminating;
}
