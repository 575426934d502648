using CertOperator.Acme.Errors;
using CertOperator.Acme.Issuance;
using CertOperator.Acme.Orders;
using CertOperator.Api;
using CertOperator.Runtime.Objects;

namespace CertOperator.Issuers.Acme;

/// <summary>What a status says of each name of an order. Pure.</summary>
internal static class NameStates
{
    /// <summary>A thousand names, each with a reason, must fit into a status.</summary>
    private const int MaxReasonBytes = 256;

    public const string Pending = "Pending";
    public const string Presented = "Presented";
    public const string Validating = "Validating";
    public const string Valid = "Valid";
    public const string Invalid = "Invalid";

    /// <param name="names">Those ordered.</param>
    /// <param name="challenges">Those that are being answered; a name without one is validated already, once there are any.</param>
    /// <param name="reasons">Why a name is not further, by name.</param>
    public static IReadOnlyList<NameStatus> Of(
        IReadOnlyList<Identifier> names, IReadOnlyList<PendingChallenge> challenges, IReadOnlyDictionary<string, string> reasons)
        => [.. names.Select(name => new NameStatus
        {
            Name = name.Value,
            State = StateOf(challenges.FirstOrDefault(challenge => challenge.Identifier == name), challenges.Count > 0),
            Reason = reasons.TryGetValue(name.Value, out string? reason) ? Cut(reason) : null,
        })];

    /// <summary>The names that a failure is about; null if it is about none.</summary>
    public static IReadOnlyList<NameStatus>? Of(IReadOnlyList<Identifier> names, AcmeFailure failure)
    {
        AcmeProblem[] problems = failure.Problem is { } problem ? [problem, .. problem.Subproblems] : [];
        var reasons = problems.Where(part => part.Identifier is not null)
            .GroupBy(part => part.Identifier!.Value)
            .ToDictionary(group => group.Key, group => Cut(group.First().Describe()));
        return reasons.Count == 0 ? null : [.. names.Select(name => new NameStatus
        {
            Name = name.Value,
            State = reasons.ContainsKey(name.Value) ? Invalid : Pending,
            Reason = reasons.GetValueOrDefault(name.Value),
        })];
    }

    public static string Cut(string reason) => Utf8.Cut(reason, MaxReasonBytes);

    private static string StateOf(PendingChallenge? challenge, bool isKnown) => challenge switch
    {
        null => isKnown ? Valid : Pending,
        { IsValid: true } => Valid,
        { AnsweredAt: not null } => Validating,
        { IsPresented: true } => Presented,
        _ => Pending,
    };
}
