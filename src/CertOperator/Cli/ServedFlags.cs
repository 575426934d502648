using System.CommandLine;
using System.CommandLine.Parsing;
using CertOperator.Api;
using CertOperator.Controllers.Served;

namespace CertOperator.Cli;

/// <summary>The options of <c>run</c> about what is served.</summary>
internal static class ServedFlags
{
    private static readonly ServedOptions Usual = new();
    private static readonly TimeSpan LeastGrace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostGrace = TimeSpan.FromHours(24);

    private static readonly Option<bool> Verify = new("--verify-served")
    {
        Description = "Ask the addresses of Ingresses, by TLS, whether they serve the stored certificates: after each rotation, and every hour.",
    };

    private static readonly Option<TimeSpan> Grace = new("--verify-served-grace")
    {
        Description = "How long an ingress controller may take to serve a new certificate, for example 10m.",
        HelpName = "duration",
        CustomParser = Read,
        DefaultValueFactory = _ => Usual.Grace,
    };

    private static readonly Option<int> Port = new("--verify-served-port") { Description = "For tests: the port to ask.", Hidden = true, DefaultValueFactory = _ => Usual.Port };
    private static readonly Option<bool> Loopback = new("--verify-served-loopback") { Description = "For tests: loopback addresses are asked as well.", Hidden = true };

    public static IReadOnlyList<Option> All { get; } = [Verify, Grace, Port, Loopback];

    /// <returns>Null if nothing is to be verified.</returns>
    public static ServedOptions? Of(ParseResult parsed) => parsed.GetValue(Verify)
        ? new ServedOptions { Grace = parsed.GetValue(Grace), Port = parsed.GetValue(Port), AllowLoopback = parsed.GetValue(Loopback) }
        : null;

    private static TimeSpan Read(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (GoDuration.TryParse(text, out TimeSpan duration) && duration >= LeastGrace && duration <= MostGrace)
            return duration;
        result.AddError($"--verify-served-grace {text} is no duration from 1s to 24h: write hours, minutes and seconds, for example 10m.");
        return default;
    }
}
