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
    public int? RetryAfterSeconds { get; init; }

    public IReadOnlyList<StatusCause>? Causes { get; init; }
}

internal sealed record StatusCause
{
    public string? Reason { get; init; }
}
