namespace CertOperator.Runtime.Objects;

/// <summary>An event that is to be written.</summary>
internal sealed record EventNote(ObjectReference About, EventSeverity Severity, string Reason, string Message, DateTimeOffset At)
{
    /// <summary>Events live beside their object; those about cluster-scoped ones in <c>default</c>, where kubectl looks.</summary>
    public string Namespace => string.IsNullOrEmpty(About.Namespace) ? "default" : About.Namespace;
}
