using System.CommandLine;
using System.Net;

namespace CertOperator.Cli;

/// <summary>Options that say where to listen.</summary>
internal static class ListenAddress
{
    /// <summary>What the option says; null without it, or if it is no address and port, which is then told.</summary>
    public static IPEndPoint? Read(ParseResult parsed, Option<string?> option, List<string> wrong)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        if (IPEndPoint.TryParse(text, out IPEndPoint? endpoint))
            return endpoint;
        wrong.Add($"{option.Name} {text} is no address and port, for example 0.0.0.0:8080.");
        return null;
    }
}
