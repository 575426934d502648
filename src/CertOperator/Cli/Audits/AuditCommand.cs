using System.CommandLine;
using System.Text.Json;
using CertOperator.Cli.Clusters;

namespace CertOperator.Cli.Audits;

/// <summary><c>cert-operator audit</c>: what is wrong with the TLS of Ingresses, whether an operator runs or not.</summary>
internal static class AuditCommand
{
    private const string SarifFormat = "sarif";

    public static Command Create(Shell shell)
    {
        var command = new Command("audit", "Tells what is wrong with the TLS of Ingresses and the Secrets that they name; ends with 1 if it found more than notes.");
        new ClusterOptions(shell, ClusterOptions.Table, ClusterOptions.Json, SarifFormat).Apply(command, RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ClusterCall call, CancellationToken cancel)
    {
        AuditResult audit = await new ClusterAudit(call).RunAsync(cancel);
        await call.Output.WriteAsync(call.Format switch
        {
            ClusterOptions.Json => JsonSerializer.Serialize(audit, AuditJson.Default.AuditResult) + "\n",
            SarifFormat => JsonSerializer.Serialize(Sarif.Of(audit), AuditJson.Default.SarifLog) + "\n",
            _ => Table(audit),
        });
        return audit.IsClean() ? ExitCodes.Ok : ExitCodes.NotReady;
    }

    private static string Table(AuditResult audit) => audit.Findings.Count == 0
        ? $"Nothing found in {audit.Ingresses} Ingresses with TLS.\n"
        : TextTable.Format(
            ["NAMESPACE", "INGRESS", "SEVERITY", "CODE", "MESSAGE"],
            audit.Findings.Select(row => (IReadOnlyList<string>)[row.Namespace, row.Ingress, row.Severity, row.Code, Printable.Line($"{row.Message} {row.Remedy}")]));
}
