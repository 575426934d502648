using System.Text.Json.Serialization;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Orders;

namespace CertOperator.Acme.Issuance;

/// <summary>A challenge that was chosen for a name. Public: nothing in it is secret.</summary>
public sealed record PendingChallenge
{
    /// <summary>With "*." if it is for the wildcard.</summary>
    public required Identifier Identifier { get; init; }

    /// <summary>One of <see cref="ChallengeTypes"/>.</summary>
    public required string Type { get; init; }

    public required Uri Url { get; init; }

    public required Uri Authorization { get; init; }

    /// <summary>base64url; null for types without one.</summary>
    public string? Token { get; init; }

    /// <summary>
    /// For dns-persist-01 what validates it; null for other types, and if no record may be made for it. Not stored, for who could write to
    /// the store could choose the record then: after a restart the CA is asked for it.
    /// </summary>
    [JsonIgnore]
    public DnsPersist01? Persistent { get; init; }

    /// <summary>Whether the caller has what the CA will look for in place.</summary>
    public bool IsPresented { get; init; }

    /// <summary>When the CA was first told to look.</summary>
    public DateTimeOffset? FirstAnsweredAt { get; init; }

    /// <summary>When the CA was last told to look.</summary>
    public DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>Whether the CA found it.</summary>
    public bool IsValid { get; init; }
}
