using CertOperator.Acme.Issuance;
using CertOperator.Acme.Orders;
using CertOperator.Api;

namespace CertOperator.Challenges;

/// <summary>The solvers that this operator has, and which of them an issuer wants for a name.</summary>
/// <param name="solvers">By challenge type.</param>
internal sealed class SolverCatalog(IReadOnlyDictionary<string, IChallengeSolver> solvers)
{
    /// <summary>The challenge types that can be answered for a name, the preferred one first; none, with the reason why, if there is no solver for it.</summary>
    /// <param name="issuer">Its solvers.</param>
    /// <param name="identifier">The name.</param>
    /// <param name="labels">The labels of the Certificate.</param>
    public (IReadOnlyList<string> Types, string Message) TypesFor(AcmeIssuerSpec issuer, Identifier identifier, IReadOnlyDictionary<string, string>? labels)
    {
        SolverChoice choice = Choose(issuer, identifier, labels);
        string[] answered = [.. choice.Types.Where(solvers.ContainsKey)];
        return answered.Length > 0 || choice.Types.Count == 0
            ? (answered, choice.Message)
            : ([], $"No solver can validate {identifier}: this operator does not answer {string.Join(" and ", choice.Types)}.");
    }

    /// <summary>The solver of a challenge and its settings; null if the issuer has none for it any more.</summary>
    public (IChallengeSolver Solver, AcmeSolverSpec Spec)? Find(AcmeIssuerSpec issuer, PendingChallenge challenge, IReadOnlyDictionary<string, string>? labels)
        => Choose(issuer, challenge.Identifier, labels).For(challenge.Type) is { } spec && solvers.TryGetValue(challenge.Type, out IChallengeSolver? solver)
            ? (solver, spec)
            : null;

    private static SolverChoice Choose(AcmeIssuerSpec issuer, Identifier identifier, IReadOnlyDictionary<string, string>? labels)
        => SolverSelection.Choose(issuer.Solvers, new NameToValidate(identifier.Value, identifier.Type == Identifier.IpType), labels);
}
