using System.Text;
using CertOperator.Cli.Chains;

namespace CertOperator.Cli.Inspect;

/// <summary>A chain link by link, then what is wrong with it. Pure.</summary>
internal static class InspectionText
{
    public static string Format(Inspection inspection, DateTimeOffset now, Palette palette)
    {
        var text = new StringBuilder();
        text.Append(palette.Paint(Printable.Line(inspection.Source), Tone.Strong)).Append('\n');
        foreach (Fact fact in inspection.Facts)
            text.Append("  ").Append(fact.Name.PadRight(13)).Append(Printable.Line(fact.Value)).Append('\n');
        text.Append('\n').Append(ChainText.Format(inspection.Chain, now, palette));
        if (inspection.Chain.Count > 0)
            text.Append('\n');
        if (inspection.Findings.Count == 0)
            return text.Append(palette.Paint("No problems found.", Tone.Good)).Append('\n').ToString();
        text.Append(palette.Paint(inspection.Findings.Count == 1 ? "1 problem:" : $"{inspection.Findings.Count} problems:", Tone.Bad)).Append('\n');
        foreach (Finding finding in inspection.Findings)
            text.Append("  ").Append(finding.Code).Append(": ").Append(Printable.Line(finding.Message)).Append('\n');
        return text.ToString();
    }
}
