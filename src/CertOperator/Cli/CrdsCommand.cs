using System.CommandLine;
using CertOperator.Api;

namespace CertOperator.Cli;

/// <summary><c>cert-operator crds</c>: the CustomResourceDefinitions, for <c>kubectl apply --server-side -f -</c>.</summary>
internal static class CrdsCommand
{
    public static Command Create()
    {
        var command = new Command("crds", "Prints the CustomResourceDefinitions of this version as YAML.");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(ApiDefinitions.Yaml()));
        return command;
    }
}
