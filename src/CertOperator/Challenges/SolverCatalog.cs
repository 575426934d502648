using CertOperator.Acme.Issuance;
using CertOperator.Acme.Orders;
using CertOperator.Api;

namespace CertOperator.Challenges;

/// <summary>The solvers that this operator has, and which of them an issuer wants for a name.</summary>
/// <param name="solvers">By challenge type.</param>
internal sealed class SolverCatalog(IReadOnlyDictionary<string, IChallengeSolver> solvers)
{
    /// <summary>The one challenge type that is to be answered for a name; none, with the reason why, if there is no solver for it.</summary>
    /// <param name="issuer">Its solvers.</param>
    /// <param name="identifier">The name.</param>
    /// <param name="labels">The labels of the Certificate.</param>
    public (IReadOnlyList<string> Types, string Message) TypesFor(AcmeIssuerSpec issuer, Identifier identifier, IReadOnlyDictionary<string, string>? labels)
    {
        SolverChoice choice = Choose(issuer, identifier, labels);
        if (choice.Solver is null)
            return ([], choice.Message);
        string type = SolverSelection.TypeOf(choice.Solver);
        return solvers.ContainsKey(type) ? ([type], "") : ([], $"No solver can validate {identifier}: this operator does not answer {type}.");
    }

    /// <summary>The solver of a challenge and its settings; null if the issuer has none for it any more.</summary>
    public (IChallengeSolver Solver, AcmeSolverSpec Spec)? Find(AcmeIssuerSpec issuer, PendingChallenge challenge, IReadOnlyDictionary<string, string>? labels)
        => Choose(issuer, challenge.Identifier, labels).Solver is { } spec && SolverSelection.TypeOf(spec) == challenge.Type && solvers.TryGetValue(challenge.Type, out IChallengeSolver? solver)
            ? (solver, spec)
            : null;

    private static SolverChoice Choose(AcmeIssuerSpec issuer, Identifier identifier, IReadOnlyDictionary<string, string>? labels)
        => SolverSelection.Choose(issuer.Solvers, new NameToValidate(identifier.Value, identifier.Type == Identifier.IpType), labels);
}
