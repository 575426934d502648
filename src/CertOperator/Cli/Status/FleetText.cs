using System.Text;
using CertOperator.Api;

namespace CertOperator.Cli.Status;

/// <summary>The table of all Certificates, and a sentence for each thing that is wrong. Pure.</summary>
internal static class FleetText
{
    private static readonly string[] Heads = ["NAME", "READY", "ISSUER", "EXPIRES", "RENEWAL", "REASON"];

    public static string Format(Fleet fleet, bool withNamespaces, DateTimeOffset now, Palette palette)
    {
        var text = new StringBuilder();
        if (fleet.Certificates.Count > 0)
        {
            string[] heads = withNamespaces ? ["NAMESPACE", .. Heads] : Heads;
            text.Append(TextTable.Format(heads, fleet.Certificates.Select(row => Row(row, withNamespaces, now)), palette)).Append('\n');
        }

        text.Append(Summary(fleet, now)).Append('\n');
        IssuerSummary[] idle = [.. fleet.Issuers.Where(issuer => !issuer.Ready)];
        foreach (CertificateSummary row in fleet.Certificates.Where(row => !row.Ready || row.Served == ConditionTypes.False))
            text.Append(palette.Paint(Printable.Line(row.ToString()), Tone.Bad)).Append(": ").Append(Printable.Line(row.Message)).Append('\n');
        foreach (IssuerSummary issuer in idle)
            text.Append(palette.Paint(Printable.Line(issuer.ToString()), Tone.Bad)).Append(": ").Append(Printable.Line(issuer.Message)).Append('\n');
        return text.ToString();
    }

    private static Cell[] Row(CertificateSummary row, bool withNamespaces, DateTimeOffset now)
    {
        Cell[] cells =
        [
            row.Name,
            row.Ready ? new Cell("True", Tone.Good) : new Cell("False", Tone.Bad),
            row.SignedBy ?? row.Issuer,
            new Cell(Times.DayAndDistance(row.NotAfter, now), row.NotAfter < now ? Tone.Bad : Tone.Plain),
            Times.DayAndDistance(row.RenewalTime, now),
            row.Reason,
        ];
        return withNamespaces ? [row.Namespace, .. cells] : cells;
    }

    private static string Summary(Fleet fleet, DateTimeOffset now)
    {
        string ready = $"{fleet.Ready} of {Count(fleet.Total, "Certificate")} ready";
        int idle = fleet.Issuers.Count(issuer => !issuer.Ready);
        string issuers = idle > 0 ? $", {Count(idle, "issuer")} not ready" : "";
        DateTimeOffset? next = fleet.Certificates.Select(row => row.RenewalTime).Where(time => time > now).Min();
        return ready + issuers + (next is { } renewal ? $"; the next renewal is on {Times.Minute(renewal)}." : ".");
    }

    private static string Count(int number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";
}
