using CertOperator.Api;
using CertOperator.Controllers;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Cli.Local;

/// <summary>What is true of the operator's objects now, and in which file each of them stands.</summary>
internal sealed class LocalReport(Operator certOperator, ManifestFolder manifests)
{
    /// <param name="others">What is wrong beside the objects.</param>
    public LocalState State(IEnumerable<Problem> others)
    {
        Caches caches = certOperator.Caches;
        CertificateRow[] rows =
        [
            .. caches.Certificates.Store.All.Select(certificate => CertificateRow.Of(certificate, PlaceOf(certificate)))
                .OrderBy(row => row.Namespace, StringComparer.Ordinal).ThenBy(row => row.Name, StringComparer.Ordinal),
        ];
        IEnumerable<Problem> problems =
        [
            .. others,
            .. certOperator.SourceFindings.Select(finding => About(finding.About, finding.Problem.Reason, finding.Problem.Message)),
            .. caches.Issuers.Store.All.Concat<IIssuerObject>(caches.ClusterIssuers.Store.All).Select(NotReady).OfType<Problem>(),
            .. rows.Where(row => !row.Ready).Select(row => new Problem(row.Place, $"{Certificate.Type.Kind} {row.Namespace}/{row.Name}", row.Reason, row.Message)),
        ];
        return new LocalState(rows, [.. problems.OrderBy(problem => problem.ToString(), StringComparer.Ordinal)]);
    }

    private Problem? NotReady(IIssuerObject issuer)
        => Conditions.Find(issuer.Status?.Conditions, ConditionTypes.Ready) is { Status: ConditionTypes.False } ready
            ? About(issuer, ready.Reason, ready.Message)
            : null;

    private Problem About(IKubeObject about, string reason, string message)
    {
        var reference = ObjectReference.To(about);
        return new(manifests.PlaceOf(about.Kind, new ObjectKey(reference.Namespace ?? "", reference.Name ?? "")), reference.ToString(), reason, message);
    }

    /// <summary>Where the Certificate stands, or the first object that wants it.</summary>
    private string PlaceOf(Certificate certificate)
    {
        string ns = certificate.Metadata.Namespace ?? "";
        return (certificate.Metadata.OwnerReferences ?? [])
            .Select(owner => manifests.PlaceOf(owner.Kind, new ObjectKey(ns, owner.Name)))
            .Prepend(manifests.PlaceOf(certificate.Kind, new ObjectKey(ns, certificate.Metadata.Name ?? "")))
            .FirstOrDefault(place => place.Length > 0) ?? "";
    }
}
