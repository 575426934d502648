using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Issuers.Constraints;

/// <summary>Finds which of a Certificate's issuers may sign it. Thread-safe.</summary>
internal sealed class ConstraintCheck(NamespaceLabels labels)
{
    /// <summary>Reason: the issuer's constraints do not allow the request.</summary>
    public const string NotAllowed = "NotAllowed";

    /// <summary>Reason: the constraints ask for labels that cannot be read.</summary>
    public const string LabelsUnreadable = "NamespaceLabelsUnreadable";

    /// <summary>No watch tells of labels.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(5);

    /// <summary>The issuers as they stand for a request: those that do not sign it are not ready, and say why.</summary>
    public async Task<IReadOnlyList<IssuerState>> ApplyAsync(IReadOnlyList<IssuerState> issuers, string ns, DesiredCertificate desired, CancellationToken cancel)
    {
        if (issuers.All(issuer => issuer.Object?.Spec?.Constraints is null))
            return issuers;

        var judged = new List<IssuerState>(issuers.Count);
        foreach (IssuerState issuer in issuers)
            judged.Add(issuer.Object?.Spec?.Constraints is { } constraints ? await JudgeAsync(issuer, constraints, ns, desired, cancel) : issuer);
        return judged;
    }

    private async Task<IssuerState> JudgeAsync(IssuerState issuer, IReadOnlyList<IssuerConstraintSpec> constraints, string ns, DesiredCertificate desired, CancellationToken cancel)
    {
        if (IssuerConstraints.Objection(issuer.Ref, constraints.Where(constraint => constraint.NamespaceSelector is null), ns, null, desired) is not { } objection)
            return issuer;
        if (constraints.All(constraint => constraint.NamespaceSelector is null))
            return issuer with { Reason = NotAllowed, Message = objection };

        try
        {
            return IssuerConstraints.Objection(issuer.Ref, constraints, ns, await labels.FindAsync(ns, cancel), desired) is { } final
                ? issuer with { Reason = NotAllowed, Message = final, LookAgainAfter = LookAgain }
                : issuer;
        }
        catch (KubeException failure)
        {
            string remedy = failure.Failure is KubeFailure.Forbidden ? " Give the operator the right to get namespaces, or name the namespaces instead." : "";
            return issuer with
            {
                Reason = LabelsUnreadable,
                Message = $"{issuer.Ref} chooses namespaces by their labels, and those of {ns} cannot be read: {failure.Message}{remedy}",
                LookAgainAfter = NamespaceLabels.Fresh,
            };
        }
    }
}
