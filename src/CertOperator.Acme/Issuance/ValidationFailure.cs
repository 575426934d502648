using System.Globalization;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Orders;

namespace CertOperator.Acme.Issuance;

/// <summary>Why names could not be validated: one failure for all, with each name's own problem in it.</summary>
internal static class ValidationFailure
{
    private const int MaxShown = 5;

    public static AcmeFailure Of(IReadOnlyList<Authorization> failed)
    {
        var problems = failed.Select(ProblemOf).ToArray();
        var problem = problems is [var only] ? only.Problem : new AcmeProblem(ProblemTypes.Compound, "") { Subproblems = [.. problems.Select(p => p.Problem)] };
        var rule = FailureTable.Find(AcmeStage.Validation, status: 200, problem, hasRetryAfter: false);
        var sentences = problems.Take(MaxShown).Select(p => $"The CA could not validate {p.Problem.Identifier}{p.By}: {Said(p.Problem).TrimEnd('.')}.");
        var more = problems.Length > MaxShown ? $"So it is with {problems.Length - MaxShown} more names." : "";
        return new AcmeFailure(rule.Class, rule.Fault, AcmeStage.Validation, PrintableText.Sentences([.. sentences, more, rule.Remedy]))
        {
            Problem = problem,
            Url = failed[0].Url,
        };
    }

    public static AcmeFailure TooLate(IReadOnlyList<Authorization> pending, TimeSpan patience)
    {
        var last = pending.SelectMany(authorization => authorization.Challenges).Select(challenge => challenge.Error).FirstOrDefault(error => error is not null);
        var names = string.Join(", ", pending.Take(MaxShown).Select(authorization => authorization.Identifier));
        var said = last is null ? "It gives no reason." : $"It says: {last.Describe().TrimEnd('.')}.";
        return new AcmeFailure(FailureClass.NewOrder, Fault.Ca, AcmeStage.Validation, PrintableText.Clean(
            string.Create(CultureInfo.InvariantCulture, $"The CA has not validated {names} within {patience.TotalMinutes:0} min. {said} The order is given up, and another one made.")))
        {
            Problem = last,
            Url = pending[0].Url,
        };
    }

    private static (AcmeProblem Problem, string By) ProblemOf(Authorization authorization)
    {
        var challenge = authorization.Challenges.FirstOrDefault(challenge => challenge.Error is not null)
            ?? authorization.Challenges.FirstOrDefault(challenge => challenge.Status == ChallengeStatus.Invalid);
        var problem = challenge?.Error ?? new AcmeProblem(ProblemTypes.None, $"the authorization is {authorization.StatusText}");
        return (problem with { Identifier = authorization.Identifier }, challenge is null ? "" : $" by {challenge.Type}");
    }

    private static string Said(AcmeProblem problem) => problem.Type == ProblemTypes.None ? problem.Detail : problem.Describe();
}
