namespace CertOperator.Testing.Acme.Faults;

/// <summary>How the server goes about its work; may be changed at any time. All of it is allowed by RFC 8555, or met in the field.</summary>
public sealed class ServerBehaviour
{
    /// <summary>What the directory tells from now on instead of the terms that it started with; accounts that are there need not agree anew.</summary>
    public string? NewTermsOfService { get; set; }

    /// <summary>
    /// Judges a challenge that the client says is met: null for valid. Without it every challenge is valid. The server serves
    /// nobody else meanwhile, so the judge must not ask it anything.
    /// </summary>
    public Func<ChallengeAttempt, Task<ValidationFailure?>>? Validate { get; set; }

    /// <summary>Validates within the request for the challenge, not after it.</summary>
    public bool ValidatesAtOnce { get; set; }

    /// <summary>How many looks at an authorization are answered with pending once its challenge is being validated.</summary>
    public int LooksUntilValidated { get; set; }

    /// <summary>How many looks at an order are answered with pending once its authorizations are valid; finalizing is refused meanwhile.</summary>
    public int LooksUntilReady { get; set; }

    /// <summary>How many looks at an order are answered with processing once it is finalized.</summary>
    public int LooksUntilValid { get; set; }

    /// <summary>How many looks at a valid order are answered without the certificate's URL.</summary>
    public int LooksUntilCertificate { get; set; }

    /// <summary>Answers a request to finalize with the valid order, not with processing.</summary>
    public bool FinalizesAtOnce { get; set; }

    /// <summary>Issuance fails with this after the order was processing.</summary>
    public ValidationFailure? IssuanceFailure { get; set; }

    /// <summary>The Retry-After of authorizations and orders that are not final, as it is sent.</summary>
    public string? RetryAfter { get; set; }

    /// <summary>Changes what the next certificates say: another key, other names, other dates.</summary>
    public Action<LeafContent>? Issue { get; set; }
}
