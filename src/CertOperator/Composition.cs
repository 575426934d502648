using System.CommandLine;
using CertOperator.Cli;
using CertOperator.Cli.Audits;
using CertOperator.Cli.Inspect;
using CertOperator.Cli.Renewal;
using CertOperator.Cli.Status;

namespace CertOperator;

/// <summary>The program: its commands.</summary>
internal static class Composition
{
    /// <param name="shell">Around the commands.</param>
    /// <param name="path">As which the program was started.</param>
    public static RootCommand Create(Shell shell, string? path = null)
    {
        var root = new RootCommand("Keeps the TLS certificates of a Kubernetes cluster: issues, verifies, stores and rotates them.")
        {
            StatusCommand.Create(shell),
            new InspectCommand(shell).Create(),
            new RenewCommand(shell).Create(),
            RollbackCommand.Create(shell),
            AuditCommand.Create(shell),
            RunCommand.Create(),
            LocalCommand.Create(),
            CrdsCommand.Create(),
            RbacCommand.Create(),
            CompletionCommand.Create(),
            VersionCommand.Create(),
        };
        NamedHelp.Install(root, NamedHelp.NameOf(path));
        return root;
    }
}
