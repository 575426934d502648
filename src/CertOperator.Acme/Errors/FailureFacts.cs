namespace CertOperator.Acme.Errors;

/// <summary>All that the classification of a refusal may depend on.</summary>
/// <param name="Stage">What was being done.</param>
/// <param name="Status">The HTTP status; 200 where an error stands inside a resource.</param>
/// <param name="Type">See <see cref="ProblemTypes"/>.</param>
/// <param name="Detail">Only for the few answers whose type does not tell.</param>
/// <param name="HasRetryAfter">Whether the CA named a time.</param>
internal readonly record struct FailureFacts(AcmeStage Stage, int Status, string Type, string Detail, bool HasRetryAfter)
{
    public bool Mentions(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
            if (Detail.Contains(word, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
