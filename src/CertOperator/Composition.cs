using System.CommandLine;
using CertOperator.Cli;
using CertOperator.Cli.Audits;

namespace CertOperator;

/// <summary>The program: its commands.</summary>
internal static class Composition
{
    public static RootCommand Create() => new("Keeps the TLS certificates of a Kubernetes cluster: issues, verifies, stores and rotates them.")
    {
        RunCommand.Create(),
        LocalCommand.Create(),
        AuditCommand.Create(Shell.OfProcess()),
        CrdsCommand.Create(),
    };
}
