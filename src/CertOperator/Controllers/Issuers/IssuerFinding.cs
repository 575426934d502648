using CertOperator.Api;
using CertOperator.Issuers.Acme;
using CertOperator.Issuers.Ca;
using CertOperator.Pki;
using CertOperator.Pki.Chains;
using CertOperator.Pki.Signing;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers.Issuers;

/// <summary>Whether an issuer can sign, and why not.</summary>
/// <param name="Reason">CamelCase word for machines.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="Ca">The CA, if there is one that can sign.</param>
/// <param name="LookAgain">When time alone may change the finding.</param>
internal sealed record IssuerFinding(string Reason, string Message, CaStatus? Ca, DateTimeOffset? LookAgain)
{
    private const string ReadyReason = "Ready";

    /// <summary>The account, for ACME issuers.</summary>
    public AcmeStatus? Acme { get; init; }

    public static IssuerFinding Good(string message) => new(ReadyReason, message, null, null);

    public static IssuerFinding Bad(string reason, string message, DateTimeOffset? lookAgain = null) => new(reason, message, null, lookAgain);

    /// <summary>What a key pair that could be read is worth as a CA. Pure.</summary>
    public static IssuerFinding OfCa(ObjectKey secret, SigningKey key, DateTimeOffset now)
    {
        IssuedCertificate certificate = key.Chain[0];
        if (key.Check(now) is [var problem, ..])
        {
            DateTimeOffset? valid = problem.Code == CaProblemCode.NotYetValid ? key.Chain.Max(ca => ca.NotBefore) : null;
            return Bad(problem.Code.ToString(), $"The CA in Secret {secret} cannot sign: {problem.Message}", valid);
        }

        var requirements = new ChainRequirements { IsCa = true, Anchors = key.Anchors };
        if (ChainValidator.Validate(key.Chain, requirements, now).FirstOrDefault(IsOfAnchor) is { } untrusted)
            return Bad(untrusted.Code.ToString(), $"What the CA in Secret {secret} signs would not verify: {untrusted.Message} Put the root of the CA into ca.crt, or leave ca.crt out.");

        // Valid through the last second (RFC 5280 section 4.1.2.5).
        DateTimeOffset end = key.Chain.Min(ca => ca.NotAfter);
        return new IssuerFinding(
            ReadyReason,
            $"The CA \"{certificate.Subject}\" in Secret {secret} can sign until {end:u}.",
            new CaStatus { NotAfter = certificate.NotAfter, Fingerprint = certificate.Fingerprint },
            end + TimeSpan.FromSeconds(1));
    }

    /// <summary>An account that can be used.</summary>
    public static IssuerFinding OfAccount(AccountAccess access, DateTimeOffset lookAgain)
    {
        string message = $"The ACME account {access.Status.Uri} can be used.";
        return Good(access.Advice is { } advice ? $"{message} {advice}" : message) with { Acme = access.Status, LookAgain = lookAgain };
    }

    public Condition Condition(long? generation) => new()
    {
        Type = ConditionTypes.Ready,
        Status = Reason == ReadyReason ? ConditionTypes.True : ConditionTypes.False,
        Reason = Reason,
        Message = Message,
        ObservedGeneration = generation,
    };

    private static bool IsOfAnchor(ChainProblem problem) => problem.Code is ChainProblemCode.IncompleteChain or ChainProblemCode.UntrustedAnchor;
}
