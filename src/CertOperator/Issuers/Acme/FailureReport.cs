using CertOperator.Acme.Errors;
using CertOperator.Acme.Orders;

namespace CertOperator.Issuers.Acme;

/// <summary>What the product says of a failure at the CA. Pure.</summary>
internal static class FailureReport
{
    /// <summary>Reason: the CA limits its clients.</summary>
    public const string RateLimited = "RateLimited";

    /// <summary>Reason: the CA limits the account as a whole, whatever it orders.</summary>
    public const string AccountLimited = "AccountRateLimited";

    /// <summary>Reason: the issuer has no solver that can validate a name.</summary>
    public const string NoSolver = "NoSolver";

    /// <summary>Reason: the CA refuses the certificate's key. Once another key may do, then algorithm or size have to be others.</summary>
    public const string KeyRefused = "KeyRefused";

    /// <summary>The failed step of an issuance.</summary>
    /// <param name="failure">What the client library found.</param>
    /// <param name="names">Those ordered; empty before an order.</param>
    public static IssuanceStep.Failed Of(AcmeFailure failure, IReadOnlyList<Identifier> names) => new(ReasonOf(failure), MessageOf(failure))
    {
        NotBefore = failure.NotBefore,
        IsLasting = failure.Class is FailureClass.Permanent or FailureClass.NeedsUser,
        IsOfIssuer = failure.Fault is Fault.Ca or Fault.Network or Fault.Issuer,
        Names = NameStates.Of(names, failure),
    };

    public static string ReasonOf(AcmeFailure failure) => failure switch
    {
        { Class: FailureClass.NeedsUser } => "AcmeActionRequired",
        // Not the CA's words: none of the challenges that it offers for a name has a solver.
        { Stage: AcmeStage.Authorization, Fault: Fault.Issuer, Status: null } => NoSolver,
        { Limit: LimitScope.Account } => AccountLimited,
        { Limit: not LimitScope.None } => RateLimited,
        { Stage: AcmeStage.Finalize or AcmeStage.Order, Problem.Type: ProblemTypes.BadCsr or ProblemTypes.BadPublicKey } => KeyRefused,
        { Fault: Fault.Network } => "AcmeUnreachable",
        { Fault: Fault.Validation } => "ValidationFailed",
        { Fault: Fault.Ca } => "AcmeServerFailed",
        { Fault: Fault.Issuer } => "AcmeAccountRefused",
        _ => "AcmeRefused",
    };

    public static string MessageOf(AcmeFailure failure)
        => failure is { Class: FailureClass.NeedsUser, Help: { } page } ? $"{failure.Message} See {page.OriginalString}" : failure.Message;
}
