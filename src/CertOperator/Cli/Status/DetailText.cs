using System.Text;
using CertOperator.Api;
using CertOperator.Cli.Chains;
using CertOperator.Runtime.Objects;

namespace CertOperator.Cli.Status;

/// <summary>One Certificate on a page. Pure.</summary>
internal static class DetailText
{
    public static string Format(CertificateDetail detail, DateTimeOffset now, Palette palette)
    {
        CertificateSummary certificate = detail.Certificate;
        var text = new StringBuilder();
        text.Append(palette.Paint($"Certificate {Printable.Line(certificate.ToString())}", Tone.Strong)).Append(" is ")
            .Append(palette.Paint(certificate.Ready ? "ready" : "not ready", certificate.Ready ? Tone.Good : Tone.Bad))
            .Append(": ").Append(Printable.Line(ReadyMessage(detail))).Append('\n');
        Field(text, "Next", detail.Next);
        Field(text, "Secret", $"{certificate.Namespace}/{certificate.SecretName}");
        foreach (IssuerSummary issuer in detail.Issuers)
            Field(text, "Issuer", $"{issuer}, {(issuer.Ready ? "ready" : $"not ready: {issuer.Message}")}");
        if (certificate.SignedBy is { } signer && signer != certificate.Issuer)
            Field(text, "Signed by", $"{signer}, which is not the preferred issuer");
        if (certificate.NotAfter is { } end)
            Field(text, "Expires", $"{Times.Minute(end)}, {Times.Distance(end, now)}");
        AppendNames(text, detail.Names, palette);
        AppendChain(text, detail, now, palette);
        AppendConditions(text, detail.Conditions, now, palette);
        AppendAttempts(text, detail.Attempts, now, palette);
        return text.ToString();
    }

    private static string ReadyMessage(CertificateDetail detail)
        => Conditions.Find(detail.Conditions, ConditionTypes.Ready)?.Message ?? detail.Certificate.Message;

    private static void Field(StringBuilder text, string name, string value)
        => text.Append("  ").Append(name.PadRight(12)).Append(Printable.Line(value)).Append('\n');

    private static void AppendNames(StringBuilder text, IReadOnlyList<NameStatus> names, Palette palette)
    {
        if (names.Count == 0)
            return;
        text.Append('\n').Append(names.Any(name => name.State.Length > 0)
            ? TextTable.Format(["NAME", "STATE", "REASON"], names.Select(name => (IReadOnlyList<Cell>)
                [name.Name, name.State.Length > 0 ? new Cell(name.State, name.State == "Invalid" ? Tone.Bad : Tone.Plain) : Times.None, name.Reason ?? ""]), palette)
            : TextTable.Format(["NAME"], names.Select(name => (IReadOnlyList<Cell>)[name.Name]), palette));
    }

    private static void AppendChain(StringBuilder text, CertificateDetail detail, DateTimeOffset now, Palette palette)
    {
        text.Append("\nCHAIN\n").Append(ChainText.Format(detail.Chain, now, palette));
        if (detail.ChainProblem is { } problem)
            text.Append(Printable.Line(problem)).Append('\n');
    }

    private static void AppendConditions(StringBuilder text, IReadOnlyList<Condition> conditions, DateTimeOffset now, Palette palette)
    {
        if (conditions.Count > 0)
            text.Append('\n').Append(TextTable.Format(["CONDITION", "STATUS", "SINCE", "REASON", "MESSAGE"], conditions.Select(condition => (IReadOnlyList<Cell>)
                [condition.Type, condition.Status, condition.LastTransitionTime is { } since ? Times.Distance(since, now) : Times.None, condition.Reason, condition.Message]), palette));
    }

    private static void AppendAttempts(StringBuilder text, IReadOnlyList<IssuanceAttempt> attempts, DateTimeOffset now, Palette palette)
    {
        if (attempts.Count > 0)
            text.Append('\n').Append(TextTable.Format(["ATTEMPT", "OUTCOME", "ISSUER", "REASON"], attempts.Select(attempt => (IReadOnlyList<Cell>)
                [Times.Distance(attempt.Time, now), new Cell(attempt.Outcome, attempt.Outcome == IssuanceAttempt.Failed ? Tone.Bad : Tone.Good), attempt.Issuer, attempt.Reason]), palette));
    }
}
