using System.CommandLine;
using CertOperator.Api;

namespace CertOperator.Cli;

/// <summary><c>--default-issuer</c>, of every command that runs the operator.</summary>
internal static class IssuerOption
{
    public static readonly Option<IssuerRef?> Default = new("--default-issuer")
    {
        Description = "ClusterIssuer/NAME or Issuer/NAME for Ingresses with kubernetes.io/tls-acme: \"true\".",
        CustomParser = result => Parse(result.Tokens[0].Value, result.AddError),
    };

    private static IssuerRef? Parse(string text, Action<string> complain)
    {
        if (text.Split('/') is [var kind, { Length: > 0 } name] && (kind == Issuer.Type.Kind || kind == ClusterIssuer.Type.Kind))
            return new IssuerRef { Kind = kind, Name = name };
        complain($"--default-issuer {text} is not ClusterIssuer/NAME or Issuer/NAME.");
        return null;
    }
}
