using System.Text.Json;
using CertOperator.Acme.Errors;

namespace CertOperator.Acme.Orders;

/// <summary>One way to prove control of a name (RFC 8555 section 7.1.5).</summary>
public sealed record Challenge
{
    /// <summary>One of <see cref="Challenges.ChallengeTypes"/>, or one that this library does not know.</summary>
    public required string Type { get; init; }

    public required Uri Url { get; init; }

    public required ChallengeStatus Status { get; init; }

    /// <summary>base64url, or null: not every type has one.</summary>
    public string? Token { get; init; }

    public DateTimeOffset? ValidatedAt { get; init; }

    /// <summary>Why it failed, or why it has not succeeded yet (section 8.2).</summary>
    public AcmeProblem? Error { get; init; }

    /// <summary>Members that belong to the type.</summary>
    public IReadOnlyDictionary<string, JsonElement> Extensions { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>When the CA wants to be asked again.</summary>
    public DateTimeOffset? RetryAfter { get; init; }
}
