using System.Text.Json.Nodes;
using CertOperator.Controllers;
using CertOperator.Testing.Processes;

namespace CertOperator.Cli.Local;

/// <summary>The command as its own process: exit statuses, streams and signals.</summary>
public class LocalProcessTests
{
    /// <summary>As built beside these tests.</summary>
    internal static readonly string Program = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "CertOperator", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "cert-operator"));

    [Fact]
    public async Task All_ready_is_status_0_with_a_table_on_standard_output()
    {
        using var folder = new LocalFolder(Samples.Ca);
        CommandResult result = await Command.RunAsync(Program, ["local", folder.Manifests, "--once", "--out", folder.Out]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("CERTIFICATE ", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("1 of 1 Certificates ready.\n", result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.OutFile("root", "tls.key")));
    }

    [Fact]
    public async Task Not_ready_is_status_1_with_a_line_on_standard_error()
    {
        using var folder = new LocalFolder(Samples.Certificate("web"));
        CommandResult result = await Command.RunAsync(Program, ["local", folder.Manifests, "--once", "--output", "json"]);

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("IssuerNotFound", (string?)JsonNode.Parse(result.Output)!["problems"]![0]!["reason"]);
    }

    [Fact]
    public async Task Wrong_arguments_are_told_in_a_sentence_without_a_stack_trace()
    {
        using var folder = new LocalFolder(Samples.Ca);
        string file = Path.Combine(folder.Manifests, "all.yaml");
        foreach (var (arguments, sentence) in ((string[] Arguments, string Sentence)[])
        [
            ([folder.Manifests + "/none"], $"There is no folder {folder.Manifests}/none.\n"),
            ([file], $"{file} is a file: name the folder that holds it.\n"),
            ([folder.Manifests, "--out", file], $"--out {file} is a file: name a folder.\n"),
            ([folder.Manifests, "--out", folder.Manifests + "/"], "--out is the folder of the manifests: name another one, which may be inside it.\n"),
        ])
        {
            CommandResult result = await Command.RunAsync(Program, ["local", "--once", .. arguments]);
            Assert.Equal((ExitCodes.Failed, sentence), (result.ExitCode, result.Error));
        }
    }

    [Fact]
    public async Task An_option_that_does_not_exist_is_status_2()
    {
        CommandResult result = await Command.RunAsync(Program, ["local", ".", "--onse"]);
        Assert.Equal(ExitCodes.Failed, result.ExitCode);
        Assert.Contains("There is no option --onse: did you mean --once?", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-TERM")]
    [InlineData("-INT")]
    public async Task A_signal_ends_watching_with_status_0(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals.");
        using var folder = new LocalFolder(Samples.Ca);
        string log = Path.Combine(folder.Manifests, "log.txt");
        // A shell's background jobs ignore Ctrl-C and leave that to their children.
        await using var process = ServerProcess.Start("env", ["--default-signal=INT", Program, "local", folder.Manifests], log);
        await Eventually.HoldsAsync(
            "the table is shown",
            () => Task.FromResult(process.ReadLog().Contains("1 of 1 Certificates ready.", StringComparison.Ordinal)),
            TimeSpan.FromMinutes(2));
        await Command.RunAsync("kill", [signal, $"{process.Id}"]);
        await Eventually.HoldsAsync("the process ends", () => Task.FromResult(process.HasExited), TimeSpan.FromMinutes(1));

        Assert.Equal(0, process.ExitCode);
        Assert.DoesNotContain("Unhandled", process.ReadLog(), StringComparison.Ordinal);
    }
}
