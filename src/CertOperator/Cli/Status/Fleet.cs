using CertOperator.Api;

namespace CertOperator.Cli.Status;

/// <summary>All Certificates that were asked about, those that are not ready first, and the issuers.</summary>
internal sealed record Fleet(int Total, int Ready, IReadOnlyList<CertificateSummary> Certificates, IReadOnlyList<IssuerSummary> Issuers)
{
    public static Fleet Of(IEnumerable<Certificate> certificates, IEnumerable<IIssuerObject> issuers)
    {
        CertificateSummary[] rows =
        [
            .. certificates.Select(CertificateSummary.Of).OrderBy(row => row.Ready)
                .ThenBy(row => row.Namespace, StringComparer.Ordinal).ThenBy(row => row.Name, StringComparer.Ordinal),
        ];
        IEnumerable<IssuerSummary> signers = issuers.Select(IssuerSummary.Of).OrderBy(issuer => issuer.ToString(), StringComparer.Ordinal);
        return new Fleet(rows.Length, rows.Count(row => row.Ready), rows, [.. signers]);
    }
}
