using static CertOperator.Acme.Errors.ProblemTypes;

namespace CertOperator.Acme.Errors;

/// <summary>
/// What each refusal of a CA means: the first row that matches. The type decides, not the HTTP status, because CAs send many
/// passing conditions with a status that sounds final.
/// </summary>
internal static class FailureTable
{
    private static readonly AcmeStage[] Validating = [AcmeStage.Validation, AcmeStage.Challenge, AcmeStage.Authorization, AcmeStage.Order];
    private static readonly AcmeStage[] Registering = [AcmeStage.NewAccount, AcmeStage.Account, AcmeStage.KeyChange];
    private static readonly AcmeStage[] OfAnOrder = [AcmeStage.Order, AcmeStage.Authorization, AcmeStage.Challenge, AcmeStage.Finalize, AcmeStage.Certificate];

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    internal static readonly IReadOnlyList<FailureRule> Rules =
    [
        new([BadNonce], FailureClass.Transient, Fault.Ca, "It keeps refusing fresh nonces; several of its servers may not share them.") { Wait = Minute },

        new([RateLimited], FailureClass.NeedsUser, Fault.Issuer, "Waiting does not lift this limit: follow the link in the CA's answer.")
            { When = f => !f.HasRetryAfter && f.Mentions("https://") },
        new([RateLimited], FailureClass.Transient, Fault.Ca, "It is tried again when the limit allows it.") { Wait = Hour },
        new([], FailureClass.Transient, Fault.Ca, "It is tried again when the limit allows it.") { When = f => f.Status == 429, Wait = Hour },

        new([], FailureClass.Permanent, Fault.Ca, "The renewal follows the schedule without the CA's advice.")
            { Stages = [AcmeStage.RenewalInfo], When = f => f.Status is >= 400 and < 500 },

        new([AccountDoesNotExist], FailureClass.Permanent, Fault.Issuer, "The CA does not know the account: register it again."),
        new([ExternalAccountRequired], FailureClass.NeedsUser, Fault.Issuer, "Get external account credentials from the CA and name them in the issuer."),
        new([UserActionRequired, AgreementRequired], FailureClass.NeedsUser, Fault.Issuer, "Agree to the CA's terms of service, or do what it asks at the link."),
        new([InvalidContact, UnsupportedContact], FailureClass.Permanent, Fault.Issuer, "Correct the issuer's e-mail address, or leave it out."),
        new([BadSignatureAlgorithm], FailureClass.Permanent, Fault.Issuer, "Use an account key of an algorithm that the CA takes."),
        new([Unauthorized, Malformed], FailureClass.NeedsUser, Fault.Issuer, "Check the external account credentials: they may be mistyped, expired or used up.")
            { Stages = [AcmeStage.NewAccount], When = f => f.Mentions("external account", "EAB", "binding", "MAC") },
        new([BadPublicKey], FailureClass.Permanent, Fault.Issuer, "The CA refuses the account key: use another one.") { Stages = Registering },

        new([InvalidProfile], FailureClass.Permanent, Fault.Request, "Ask for a profile that the CA's directory lists."),
        new([Unauthorized, Malformed], FailureClass.Permanent, Fault.Request, "Ask for a profile that this account may use.")
            { Stages = [AcmeStage.NewOrder, AcmeStage.Finalize], When = f => f.Mentions("profile") },
        new([AlreadyReplaced, Conflict], FailureClass.NewOrder, Fault.Client, "It is ordered again without naming the certificate that it replaces.")
            { Stages = [AcmeStage.NewOrder] },
        new([RejectedIdentifier, UnsupportedIdentifier], FailureClass.Permanent, Fault.Request, "Remove the names that the CA refuses, or use another issuer."),

        new([BadCsr, BadPublicKey], FailureClass.NewOrder, Fault.Request, "It is tried again with a new key; if that fails too, choose another key algorithm or size."),
        new([OrderNotReady], FailureClass.Transient, Fault.Ca, "The order is looked at again.") { Wait = TimeSpan.FromSeconds(5) },

        new([Caa], FailureClass.NewOrder, Fault.Validation, "The CAA records could not be read: check the DNS servers of the domain.")
            { When = f => f.Mentions("SERVFAIL", "timed out", "timeout", "time out") },
        new([Caa], FailureClass.Permanent, Fault.Validation, "Allow the CA in the CAA records of the domain."),
        new([ProblemTypes.Dns], FailureClass.NewOrder, Fault.Validation, "Check the DNS records of the name as the public sees them."),
        new([Connection], FailureClass.NewOrder, Fault.Validation, "The CA must reach the name from the internet: check firewalls, ports, and that both A and AAAA records lead here."),
        new([Tls], FailureClass.NewOrder, Fault.Validation, "The CA must be answered on port 443 with the validation certificate: check what terminates TLS for the name."),
        new([IncorrectResponse], FailureClass.NewOrder, Fault.Validation, "Something else answers for the name: check that its traffic or TXT record comes from here."),
        new([Unauthorized], FailureClass.NewOrder, Fault.Validation, "Something else answers for the name: check that its traffic or TXT record comes from here.")
            { Stages = Validating, When = f => f.Status is 200 or 0 },
        new([Unauthorized], FailureClass.NewOrder, Fault.Client, "Its names differ from the order's, or an authorization has expired.") { Stages = [AcmeStage.Finalize] },
        new([Unauthorized], FailureClass.Permanent, Fault.Issuer, "The account may be deactivated or revoked: check it with the CA."),

        new([AlreadyRevoked], FailureClass.Permanent, Fault.Request, "The certificate is revoked already."),
        new([BadRevocationReason], FailureClass.Permanent, Fault.Request, "Choose a reason that the CA takes."),
        new([Conflict], FailureClass.Permanent, Fault.Request, "The key belongs to another account: use a new one.") { Stages = [AcmeStage.KeyChange] },

        new([], FailureClass.NewOrder, Fault.Ca, "The CA has forgotten the order.") { Stages = OfAnOrder, When = f => f.Status is 404 or 410 },
        new([Malformed], FailureClass.Permanent, Fault.Client, "This client sent something that the CA cannot read.") { When = f => f.Status is 405 or 411 or 415 },
        new([Malformed], FailureClass.Permanent, Fault.Request, "Change what is asked for, as the CA's words say."),
        new([ServerInternal], FailureClass.Transient, Fault.Ca, "") { Wait = Minute },
        new([], FailureClass.NewOrder, Fault.Validation, "Check what the CA says about the name.") { Stages = [AcmeStage.Validation] },
        new([], FailureClass.NewOrder, Fault.Ca, "The CA gave the order up.") { Stages = [AcmeStage.Order], When = f => f.Status is 200 },
        new([], FailureClass.Transient, Fault.Ca, "") { When = f => f.Status is 408 or 425 or >= 500 or < 400 },
        new([], FailureClass.Permanent, Fault.Request, "The CA refuses it; its words are all that is known."),
    ];

    /// <summary>The row that a refusal falls under. There is always one.</summary>
    public static FailureRule Find(FailureFacts facts) => Rules.First(rule => rule.Matches(facts));

    /// <summary>The same for a whole problem: a compound one is as grave as the gravest of its parts.</summary>
    public static FailureRule Find(AcmeStage stage, int status, AcmeProblem problem, bool hasRetryAfter)
    {
        var parts = problem.Type == Compound && problem.Subproblems.Count > 0 ? problem.Subproblems : [problem];
        return parts.Select(part => Find(new FailureFacts(stage, status, part.Type, part.Detail, hasRetryAfter))).MaxBy(rule => rule.Class)!;
    }
}
