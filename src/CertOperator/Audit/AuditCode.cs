namespace CertOperator.Audit;

/// <summary>How bad a finding is.</summary>
internal enum AuditSeverity
{
    /// <summary>Worth knowing, and perhaps meant so: told to whoever asks, but no event and no alert.</summary>
    Note,

    /// <summary>It will go wrong, or does so for some.</summary>
    Warning,

    /// <summary>Clients refuse the connection, or get another certificate.</summary>
    Error,
}

/// <summary>A kind of finding.</summary>
/// <param name="Name">CamelCase word for machines; never changed once it was published.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Meaning">What it says of an Ingress, in one sentence.</param>
/// <param name="Remedy">What to do, in one sentence.</param>
internal sealed record AuditCode(string Name, AuditSeverity Severity, string Meaning, string Remedy);

/// <summary>Something wrong with the TLS of an Ingress.</summary>
/// <param name="Code">What kind of thing.</param>
/// <param name="Sentence">Which object and name it is about. No relative time stands in it, so that it stays the same while nothing changes.</param>
internal sealed record AuditFinding(AuditCode Code, string Sentence)
{
    /// <summary>For people: what is wrong and what to do.</summary>
    public string Message => $"{Sentence} {Code.Remedy}";
}

/// <summary>What an audit found.</summary>
/// <param name="Findings">The worst first.</param>
/// <param name="Until">When time alone may change them; null: never.</param>
internal sealed record AuditReport(IReadOnlyList<AuditFinding> Findings, DateTimeOffset? Until)
{
    public static AuditReport Clean { get; } = new([], null);
}
