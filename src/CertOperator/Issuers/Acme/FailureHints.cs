using CertOperator.Acme.Errors;
using CertOperator.Api;

namespace CertOperator.Issuers.Acme;

/// <summary>What the operator knows beside the CA's words of a failure. Pure.</summary>
internal static class FailureHints
{
    /// <param name="failed">As the CA's words have it.</param>
    /// <param name="failure">The same, as the client library found it.</param>
    /// <param name="findings">Of this order.</param>
    /// <param name="missing">The lasting records that the CA looked for; null if none.</param>
    /// <param name="account">Of the issuer.</param>
    /// <param name="before">The Certificate's status, which tells of the attempt before.</param>
    public static IssuanceStep.Failed Add(
        IssuanceStep.Failed failed, AcmeFailure failure, OrderFindings findings, string? missing, AcmeStatus? account, CertificateStatus? before)
    {
        IssuanceStep.Failed hinted = With(failed, failure.Stage == AcmeStage.Validation ? missing : null);
        hinted = With(WithLooks(hinted, findings), CaaRemedy(failure, account));
        return failed.Reason == FailureReport.KeyRefused ? hinted with { IsLasting = WasKeyRefused(before) } : hinted;
    }

    /// <summary>How a domain allows the CA whose CAA records do not.</summary>
    private static string? CaaRemedy(AcmeFailure failure, AcmeStatus? account)
    {
        bool isAboutCaa = failure.Problem is { } problem && problem.Subproblems.Prepend(problem).Any(part => part.Type == ProblemTypes.Caa);
        return isAboutCaa && failure.Class is FailureClass.Permanent && account is { CaaIdentities: [var identity, ..], Uri: { } uri }
            ? $"A CAA record with issue \"{identity}\" allows it, and one with issue \"{identity}; accounturi={uri}\" this account alone."
            : null;
    }

    /// <summary>What a look of one's own had found before the CA looked is often why.</summary>
    private static IssuanceStep.Failed WithLooks(IssuanceStep.Failed failed, OrderFindings findings)
    {
        var looks = (failed.Names ?? []).Where(name => name.State == NameStates.Invalid && findings.LookAt(name.Name) is not null)
            .ToDictionary(name => name.Name, name => findings.LookAt(name.Name)!);
        return looks.Count == 0 ? failed : With(failed, $"Before that the operator found: {looks.First().Value}") with
        {
            Names = [.. failed.Names!.Select(name => looks.TryGetValue(name.Name, out string? look) ? name with { Reason = NameStates.Cut($"{name.Reason} The operator found: {look}") } : name)],
        };
    }

    private static IssuanceStep.Failed With(IssuanceStep.Failed failed, string? sentence)
        => sentence is null ? failed : failed with { Message = $"{failed.Message} {sentence}" };

    /// <summary>
    /// Another key may do once; if it does not either, somebody has to choose another algorithm or size. What failed last is told until
    /// something succeeds, in the CA's words.
    /// </summary>
    private static bool WasKeyRefused(CertificateStatus? before)
        => before?.LastFailure is { } last && (last.Contains(ProblemTypes.BadCsr, StringComparison.Ordinal) || last.Contains(ProblemTypes.BadPublicKey, StringComparison.Ordinal));
}
