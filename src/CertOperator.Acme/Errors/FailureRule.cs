namespace CertOperator.Acme.Errors;

/// <summary>A row of the <see cref="FailureTable"/>.</summary>
/// <param name="Types">The problem types that it is about; empty for any.</param>
/// <param name="Class">What can be done.</param>
/// <param name="Fault">Who can mend it.</param>
/// <param name="Remedy">What to do next: whole sentences, or empty when waiting is all.</param>
internal sealed record FailureRule(string[] Types, FailureClass Class, Fault Fault, string Remedy)
{
    /// <summary>The stages that it is about; empty for any.</summary>
    public AcmeStage[] Stages { get; init; } = [];

    /// <summary>What else must hold.</summary>
    public Func<FailureFacts, bool>? When { get; init; }

    /// <summary>How long to wait at least where the CA names no time.</summary>
    public TimeSpan? Wait { get; init; }

    public bool Matches(FailureFacts facts)
        => (Types.Length == 0 || Types.Contains(facts.Type))
            && (Stages.Length == 0 || Stages.Contains(facts.Stage))
            && (When is null || When(facts));
}
