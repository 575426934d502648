namespace CertOperator.Acme.Errors;

/// <summary>What went wrong, whose fault it is, and what can be done. Holds no secret and no raw text of the CA.</summary>
/// <param name="Class">What can be done.</param>
/// <param name="Fault">Who can mend it.</param>
/// <param name="Stage">What was being done.</param>
/// <param name="Message">What happened, to what, and what to do next: one printable line.</param>
public sealed record AcmeFailure(FailureClass Class, Fault Fault, AcmeStage Stage, string Message)
{
    /// <summary>What the CA said; null if it said nothing that can be read.</summary>
    public AcmeProblem? Problem { get; init; }

    /// <summary>The HTTP status; null if there was no reply.</summary>
    public int? Status { get; init; }

    /// <summary>GET, HEAD or POST; null if no request failed.</summary>
    public string? Method { get; init; }

    public Uri? Url { get; init; }

    /// <summary>Do nothing before this; null when the caller's own back-off may decide.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>A page that explains it, or where a person must act: the CA's <c>instance</c>, its terms of service, or its help page.</summary>
    public Uri? Help { get; init; }

    /// <summary>What a rate limit counts.</summary>
    public LimitScope Limit { get; init; }

    /// <summary>The beginning of a reply that is no problem document, made printable; for logs, not for a status.</summary>
    public string? Excerpt { get; init; }

    /// <summary>Whether the CA has never heard of the account: an internal CA that was set up anew. Register again, then order again.</summary>
    public bool IsAccountGone => Problem?.Type == ProblemTypes.AccountDoesNotExist;
}
