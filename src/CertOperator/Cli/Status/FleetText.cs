using System.Text;
using CertOperator.Api;

namespace CertOperator.Cli.Status;

/// <summary>The table of all Certificates, and a sentence for each thing that is wrong. Pure.</summary>
internal static class FleetText
{
    /// <summary>Of sentences below the table: they should not push it out of sight.</summary>
    private const int MostSentences = 20;

    public static string Format(Fleet fleet, FleetColumns columns, DateTimeOffset now, Palette palette)
    {
        var text = new StringBuilder();
        if (fleet.Certificates.Count > 0)
        {
            IReadOnlyList<string> heads = columns.Of("NAMESPACE", ["NAME", "READY", "ISSUER", "EXPIRES", "RENEWAL", "REASON"], ["SECRET", "NAMES"]);
            text.Append(TextTable.Format(heads, fleet.Certificates.Select(row => Row(row, columns, now)), palette)).Append('\n');
        }

        text.Append(Summary(fleet, now)).Append('\n');
        (string Object, string Message)[] wrong =
        [
            .. fleet.Issuers.Where(issuer => !issuer.Ready).Select(issuer => (issuer.ToString(), issuer.Message)),
            .. fleet.Certificates.Where(row => !row.Ready || row.Served == ConditionTypes.False).Select(row => (row.ToString(), row.Message)),
        ];
        foreach ((string item, string message) in wrong.Take(MostSentences))
            text.Append(palette.Paint(Printable.Line(item), Tone.Bad)).Append(": ").Append(Printable.Line(message)).Append('\n');
        if (wrong.Length > MostSentences)
            text.Append($"And {wrong.Length - MostSentences} more: status NAME tells of one, -o json of all.\n");
        return text.ToString();
    }

    private static IReadOnlyList<Cell> Row(CertificateSummary row, FleetColumns columns, DateTimeOffset now) => columns.Of<Cell>(
        row.Namespace,
        [
            row.Name,
            row.Ready ? new Cell("True", Tone.Good) : new Cell("False", Tone.Bad),
            row.SignedBy ?? row.Issuer,
            new Cell(Times.DayAndDistance(row.NotAfter, now), row.NotAfter < now ? Tone.Bad : Tone.Plain),
            Times.DayAndDistance(row.RenewalTime, now),
            row.Reason,
        ],
        [row.SecretName, string.Join(',', row.Names)]);

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
