using System.CommandLine;
using System.Text.Json;
using CertOperator.Audit;
using CertOperator.Cli.Clusters;

namespace CertOperator.Cli.Audits;

/// <summary><c>cert-operator audit</c>: what is wrong with the TLS of Ingresses, whether an operator runs or not.</summary>
internal static class AuditCommand
{
    private const string SarifFormat = "sarif";

    public static Command Create(Shell shell)
    {
        var command = new Command("audit", "Tells what is wrong with the TLS of Ingresses and the Secrets that they name; ends with 1 if it found more than notes.");
        new ClusterOptions(shell, FormatOption.Table, FormatOption.Json, FormatOption.Yaml, SarifFormat).Apply(command, RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ClusterCall call, CancellationToken cancel)
    {
        AuditResult audit = await new ClusterAudit(call).RunAsync(cancel);
        await call.Output.WriteAsync(call.Format switch
        {
            FormatOption.Json or FormatOption.Yaml => CliJson.Text(call.Format, audit, AuditJson.Default.AuditResult),
            SarifFormat => JsonSerializer.Serialize(Sarif.Of(audit), AuditJson.Default.SarifLog) + "\n",
            _ => Table(audit, call.Palette),
        });
        return audit.IsClean() ? ExitCodes.Ok : ExitCodes.NotReady;
    }

    private static string Table(AuditResult audit, Palette palette) => audit.Findings.Count == 0
        ? $"Nothing found in {audit.Ingresses} Ingresses with TLS.\n"
        : TextTable.Format(["NAMESPACE", "INGRESS", "SEVERITY", "CODE", "MESSAGE"], audit.Findings.Select(Row), palette);

    private static IReadOnlyList<Cell> Row(AuditRow row)
        => [row.Namespace, row.Ingress, new Cell(row.Severity, row.Severity == AuditResult.Word(AuditSeverity.Error) ? Tone.Bad : Tone.Plain), row.Code, $"{row.Message} {row.Remedy}"];
}
