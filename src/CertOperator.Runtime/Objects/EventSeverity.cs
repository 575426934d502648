namespace CertOperator.Runtime.Objects;

/// <summary>The two kinds of event that Kubernetes knows.</summary>
public enum EventSeverity
{
    /// <summary>As it should be.</summary>
    Normal,

    /// <summary>Somebody should look.</summary>
    Warning,
}
