using CertOperator.Acme.Protocol;

namespace CertOperator.Acme.Errors;

/// <summary>Makes the sentences of failures.</summary>
internal static class Failures
{
    private const int MaxExcerpt = 2048;
    private const int MaxMessage = 1536;

    private static readonly string[] OfIdentifiers =
        ["#new-certificates-per-registered-domain", "#new-certificates-per-exact-set-of-identifiers", "#authorization-failures-per-identifier", "#consecutive-authorization-failures-per-identifier"];

    /// <summary>A reply that refuses what was asked.</summary>
    public static AcmeFailure Of(AcmeStage stage, AcmeReply reply)
    {
        var problem = reply.Problem ?? new AcmeProblem(ProblemTypes.None, "");
        var rule = FailureTable.Find(stage, reply.Status, problem, reply.RetryAfter is not null);
        var said = reply.Problem is { } told ? told.Describe() : "no reason given";
        var isLimit = problem.Type == ProblemTypes.RateLimited || reply.Status == 429;
        return new AcmeFailure(rule.Class, rule.Fault, stage, Sentence($"{Host(reply.Url)} refused to {Doing(stage)}: {said.TrimEnd('.')} (HTTP {reply.Status}).", rule.Remedy))
        {
            Problem = reply.Problem,
            Status = reply.Status,
            Method = reply.Method,
            Url = reply.Url,
            NotBefore = NotBefore(rule, reply),
            Help = problem.Instance ?? reply.Link("terms-of-service") ?? reply.Link("help"),
            Limit = isLimit ? Scope($"#{reply.SectionOf("help")} {problem.Detail}") : LimitScope.None,
            Excerpt = reply.Problem is null ? reply.Excerpt(MaxExcerpt) : null,
        };
    }

    /// <summary>An error that stands in a resource: of a challenge, of an order.</summary>
    public static AcmeFailure Of(AcmeStage stage, string what, AcmeProblem problem, Uri url)
    {
        var rule = FailureTable.Find(stage, status: 200, problem, hasRetryAfter: false);
        return new AcmeFailure(rule.Class, rule.Fault, stage, Sentence($"{what}: {problem.Describe().TrimEnd('.')}.", rule.Remedy)) { Problem = problem, Url = url };
    }

    /// <summary>A reply that cannot be understood, or that breaks a limit.</summary>
    public static AcmeException Unreadable(AcmeStage stage, Uri url, string why) => new(
        new AcmeFailure(FailureClass.Transient, Fault.Ca, stage, Sentence($"{Host(url)} was asked to {Doing(stage)}, but {why}.", "Its answer is not what RFC 8555 says.")) { Url = url });

    /// <summary>No reply.</summary>
    public static AcmeException Unreachable(AcmeStage stage, Uri url, string method, string why, FailureClass gravity, Fault fault) => new(
        new AcmeFailure(gravity, fault, stage, Sentence($"{Host(url)} could not be asked to {Doing(stage)}: {why}.", "")) { Url = url, Method = method });

    /// <summary>Something that the CA does not offer.</summary>
    public static AcmeException Unsupported(AcmeStage stage, Uri url, string what) => new(
        new AcmeFailure(FailureClass.Permanent, Fault.Issuer, stage, Sentence($"{Host(url)} does not offer {what}: its directory has no address for it.", "")) { Url = url });

    public static string Host(Uri url) => url.IsAbsoluteUri ? $"The CA at {url.Host}" : "The CA";

    private static string Sentence(string what, string remedy) => PrintableText.Sentences([what, remedy], MaxMessage);

    private static DateTimeOffset? NotBefore(FailureRule rule, AcmeReply reply)
    {
        if (rule.Class is FailureClass.NeedsUser) return null;
        var own = rule.Wait is { } wait ? reply.At + wait : (DateTimeOffset?)null;
        // A rate limit's own time is exact; an error's is a lower bound on top of ours.
        if (reply.RetryAfter is { } asked)
            return rule.Types.Contains(ProblemTypes.ServerInternal) && own > asked ? own : asked;
        return own;
    }

    // The page that explains the limits has a section for each, and what leads there stands in the link or in the words; the names are those
    // of Let's Encrypt, the only CA known to send them.
    private static LimitScope Scope(string said)
    {
        if (said.Contains("#new-orders-per-account", StringComparison.Ordinal) || said.Contains("#new-registrations-per-", StringComparison.Ordinal))
            return LimitScope.Account;
        return OfIdentifiers.Any(section => said.Contains(section, StringComparison.Ordinal)) ? LimitScope.Identifiers : LimitScope.Unknown;
    }

    private static string Doing(AcmeStage stage) => stage switch
    {
        AcmeStage.Directory => "send its directory",
        AcmeStage.Nonce => "give a nonce",
        AcmeStage.NewAccount => "register the account",
        AcmeStage.Account => "show or change the account",
        AcmeStage.KeyChange => "change the account key",
        AcmeStage.NewOrder => "create the order",
        AcmeStage.Order => "show the order",
        AcmeStage.Authorization => "show the authorization",
        AcmeStage.Challenge or AcmeStage.Validation => "validate the name",
        AcmeStage.Finalize => "issue the certificate",
        AcmeStage.Certificate => "send the certificate",
        AcmeStage.Revocation => "revoke the certificate",
        AcmeStage.RenewalInfo => "tell when to renew",
        _ => "answer",
    };
}
