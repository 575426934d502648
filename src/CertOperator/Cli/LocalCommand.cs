using System.CommandLine;
using CertOperator.Cli.Local;
using CertOperator.Telemetry;

namespace CertOperator.Cli;

/// <summary><c>cert-operator local DIR</c>: the same operator without a cluster.</summary>
internal static class LocalCommand
{
    private static readonly Argument<DirectoryInfo> Directory = new("dir") { Description = "Folder with Kubernetes manifests (YAML or JSON)." };
    private static readonly Option<DirectoryInfo?> Out = new("--out") { Description = "Folder to keep the Secrets in; those found there are used again." };
    private static readonly Option<bool> Once = new("--once") { Description = "End when every Certificate is ready or has failed, with status 0 only if all are ready." };
    private static readonly Option<string> Output = new("--output", "-o") { Description = "table or json.", DefaultValueFactory = _ => "table" };
    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Log what the operator does." };

    public static Command Create()
    {
        Output.AcceptOnlyFromAmong("table", "json");
        var command = new Command("local", "Runs the operator without a cluster, on the manifests of a folder.") { Directory, Out, Once, Output, Verbose };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        DirectoryInfo directory = parsed.GetRequiredValue(Directory);
        if (!directory.Exists)
        {
            await Console.Error.WriteLineAsync($"There is no folder {directory.FullName}.");
            return ExitCodes.Failed;
        }

        LogLevel level = parsed.GetValue(Verbose) ? LogLevel.Information : LogLevel.Error;
        using ILoggerFactory loggers = LoggerFactory.Create(logging => LogSettings.Configure(logging, level, json: false));
        var view = parsed.GetValue(Output) == "json"
            ? (ILocalView)new JsonView(Console.Out, Console.Error)
            : new TableView(Console.Out, Console.Error, live: !Console.IsOutputRedirected && !parsed.GetValue(Once));
        var session = new LocalSession(directory, parsed.GetValue(Out), view, TimeProvider.System, loggers);
        return await session.RunAsync(parsed.GetValue(Once), cancel);
    }
}
