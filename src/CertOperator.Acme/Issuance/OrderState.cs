using System.Text.Json;
using System.Text.Json.Serialization;
using CertOperator.Acme.Orders;

namespace CertOperator.Acme.Issuance;

/// <summary>
/// An order under way, to be stored between steps and read back after a restart. Public: nothing in it is secret. What is read back need
/// not be believed: a state that does not fit the account, the server or itself is dropped by the <see cref="OrderMachine"/>.
/// </summary>
public sealed record OrderState
{
    private const int MaxJson = 512 * 1024;

    public required Uri Directory { get; init; }

    public required Uri Account { get; init; }

    public required Uri Order { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The challenges that have been chosen and not been cleaned up.</summary>
    public IReadOnlyList<PendingChallenge> Challenges { get; init; } = [];

    /// <summary>When the signing request was last sent.</summary>
    public DateTimeOffset? FinalizedAt { get; init; }

    /// <summary>The order as it was made, for the next step: it spares a request. Not stored; a restart asks the CA.</summary>
    [JsonIgnore]
    internal Order? Made { get; init; }

    /// <summary>The state after challenges were presented: the CA can be told to look.</summary>
    /// <param name="isPresented">Which ones are in place; null for all.</param>
    public OrderState WithPresented(Func<PendingChallenge, bool>? isPresented = null) => this with
    {
        Challenges = [.. Challenges.Select(challenge => isPresented?.Invoke(challenge) ?? true ? challenge with { IsPresented = true } : challenge)],
    };

    /// <summary>The state after what was presented has been removed.</summary>
    public OrderState WithoutChallenges() => this with { Challenges = [] };

    public string ToJson() => JsonSerializer.Serialize(this, StateJson.Default.OrderState);

    /// <summary>The state that <see cref="ToJson"/> wrote; null for anything else.</summary>
    public static OrderState? FromJson(string json)
    {
        if (json.Length > MaxJson) return null;
        try
        {
            return JsonSerializer.Deserialize(json, StateJson.Default.OrderState);
        }
        catch (JsonException)
        {
            return null; // Somebody else wrote it: the order begins anew.
        }
    }
}
