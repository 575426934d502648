using System.CommandLine;

namespace CertOperator.Cli;

/// <summary><c>cert-operator rbac</c>: the rights that the operator needs, for <c>kubectl apply -f -</c>.</summary>
internal static class RbacCommand
{
    public const string InNamespace = "http01-in-namespace";
    public const string Gateway = "http01-gateway";
    public const string Rollouts = "rollouts";

    public static Command Create()
    {
        var features = new Option<string[]>("--with")
        {
            Description = $"Rights of a feature that is off by default: {InNamespace}, {Gateway}, {Rollouts}.",
            HelpName = "feature",
            DefaultValueFactory = _ => [],
        };
        features.AcceptOnlyFromAmong(InNamespace, Gateway, Rollouts);
        var command = new Command("rbac", "Prints the service account and the rights that the operator needs, as YAML.") { features };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(Yaml(parsed.GetValue(features) ?? [])));
        return command;
    }

    /// <summary>The files of <c>config/rbac</c>.</summary>
    public static string Yaml(IEnumerable<string> features)
        => string.Join("---\n", features.Distinct().Prepend("rbac").Select(file => EmbeddedText.Read($"rbac/{file}.yaml")));
}
