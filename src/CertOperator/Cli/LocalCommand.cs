using System.CommandLine;
using System.Net;
using CertOperator.Challenges.SelfChecks;
using CertOperator.Cli.Local;
using CertOperator.Controllers;
using CertOperator.Telemetry;

namespace CertOperator.Cli;

/// <summary><c>cert-operator local DIR</c>: the same operator without a cluster.</summary>
internal static class LocalCommand
{
    private static readonly Argument<DirectoryInfo> Directory = new("dir") { Description = "Folder with Kubernetes manifests (YAML or JSON)." };
    private static readonly Option<DirectoryInfo?> Out = new("--out") { Description = "Folder to keep the Secrets in; those found there are used again." };
    private static readonly Option<bool> Once = new("--once") { Description = "End when every Certificate is ready or has failed: status 0 if all is well, 1 if not." };
    private static readonly Option<string> Output = new("--output", "-o") { Description = "table or json.", DefaultValueFactory = _ => "table" };
    private static readonly Option<string?> AcmeListen = new("--acme-listen") { Description = "Address and port of the answers to ACME's HTTP-01 challenges, which port 80 of the names leads to, for example 0.0.0.0:80; not answered without it." };
    private static readonly Option<string?> AcmeTlsListen = new("--acme-tls-listen") { Description = "The same for TLS-ALPN-01 challenges and port 443, for example 0.0.0.0:443." };
    private static readonly Option<bool> Verbose = new("--verbose", "-v") { Description = "Log what the operator does." };

    public static Command Create()
    {
        Output.AcceptOnlyFromAmong("table", "json");
        var command = new Command("local", "Runs the operator without a cluster, on the manifests of a folder.")
        {
            Directory, Out, Once, Output, IssuerOption.Default, AcmeListen, AcmeTlsListen, Verbose,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        DirectoryInfo directory = parsed.GetRequiredValue(Directory);
        DirectoryInfo? output = parsed.GetValue(Out);
        if (!directory.Exists)
            return await FailAsync(File.Exists(directory.FullName) ? $"{directory.FullName} is a file: name the folder that holds it." : $"There is no folder {directory.FullName}.");
        if (output is not null && File.Exists(output.FullName))
            return await FailAsync($"--out {output.FullName} is a file: name a folder.");
        if (ManifestFiles.IsSame(directory, output))
            return await FailAsync("--out is the folder of the manifests: name another one, which may be inside it.");

        var wrong = new List<string>();
        IPEndPoint? acme = ListenAddress.Read(parsed, AcmeListen, wrong), acmeTls = ListenAddress.Read(parsed, AcmeTlsListen, wrong);
        if (wrong.Count > 0)
            return await FailAsync(string.Join('\n', wrong));

        LogLevel level = parsed.GetValue(Verbose) ? LogLevel.Information : LogLevel.Error;
        using ILoggerFactory loggers = LoggerFactory.Create(logging => LogSettings.Configure(logging, level, json: false));
        bool once = parsed.GetValue(Once);
        ILocalView view = parsed.GetValue(Output) == "json"
            ? new JsonView(Console.Out)
            : new TableView(Console.Out, Console.Error, live: !Console.IsOutputRedirected && !once);
        // Whoever names the servers here is the one who runs this.
        var options = new OperatorOptions
        {
            DefaultIssuer = parsed.GetValue(IssuerOption.Default),
            AllowPrivateAcmeServers = true,
            AnswersTlsAlpn = acmeTls is not null,
            SelfCheck = new SelfCheckOptions { AllowPrivateAddresses = true },
        };
        try
        {
            return await new LocalSession(directory, output, options, view, TimeProvider.System, loggers) { Acme = acme, AcmeTls = acmeTls }.RunAsync(once, cancel);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return await FailAsync(failure.Message);
        }
    }

    private static async Task<int> FailAsync(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return ExitCodes.Failed;
    }
}
