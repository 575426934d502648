using CertOperator.Api;
using CertOperator.Runtime.Client;

namespace CertOperator.Issuers.Constraints;

/// <summary>Finds which of a Certificate's issuers may sign it.</summary>
internal sealed class ConstraintCheck(IKubeClient client)
{
    /// <summary>Reason: the issuer's constraints do not allow the request.</summary>
    public const string NotAllowed = "NotAllowed";

    /// <summary>Reason: the constraints ask for labels that cannot be read.</summary>
    public const string LabelsUnreadable = "NamespaceLabelsUnreadable";

    /// <summary>The issuers as they stand for a request: those that do not sign it are not ready, and say why.</summary>
    /// <exception cref="KubeException">The API server does not answer.</exception>
    public async Task<IReadOnlyList<IssuerState>> ApplyAsync(IReadOnlyList<IssuerState> issuers, string ns, DesiredCertificate desired, CancellationToken cancel)
    {
        if (issuers.All(issuer => issuer.Object?.Spec?.Constraints is not { Count: > 0 }))
            return issuers;

        IReadOnlyDictionary<string, string>? labels = null;
        string? unreadable = null;
        if (issuers.Any(SelectsByLabels))
            (labels, unreadable) = await ReadLabelsAsync(ns, cancel);
        return [.. issuers.Select(issuer => unreadable is not null && SelectsByLabels(issuer)
            ? issuer with { Reason = LabelsUnreadable, Message = $"{issuer.Ref} chooses namespaces by their labels, and those of {ns} cannot be read: {unreadable}" }
            : IssuerConstraints.Objection(issuer.Ref, issuer.Object?.Spec?.Constraints, ns, labels, desired) is { } objection
                ? issuer with { Reason = NotAllowed, Message = objection }
                : issuer)];
    }

    private static bool SelectsByLabels(IssuerState issuer) => issuer.Object?.Spec?.Constraints?.Any(constraint => constraint.NamespaceSelector is not null) == true;

    private async Task<(IReadOnlyDictionary<string, string>? Labels, string? Unreadable)> ReadLabelsAsync(string ns, CancellationToken cancel)
    {
        try
        {
            return ((await client.FindAsync<Namespace>(ObjectKey.Cluster(ns), cancel))?.Metadata.Labels, null);
        }
        catch (KubeException refused) when (refused.Failure is KubeFailure.Forbidden)
        {
            return (null, $"{refused.Message} Give the operator the right to get namespaces, or name the namespaces instead.");
        }
    }
}
