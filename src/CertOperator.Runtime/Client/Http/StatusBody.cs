namespace CertOperator.Runtime.Client.Http;

/// <summary>metav1.Status: what the API server answers to what it refuses.</summary>
internal sealed record StatusBody
{
    public string? Kind { get; init; }

    public string? Reason { get; init; }

    public string? Message { get; init; }

    public int? Code { get; init; }

    public StatusDetails? Details { get; init; }
}

internal sealed record StatusDetails
{
    /// <summary>Plural of the kind that the refusal is about, e.g. <c>namespaces</c>.</summary>
    public string? Kind { get; init; }

    public int? RetryAfterSeconds { get; init; }

    public IReadOnlyList<StatusCause>? Causes { get; init; }
}

internal sealed record StatusCause
{
    public string? Reason { get; init; }
}
