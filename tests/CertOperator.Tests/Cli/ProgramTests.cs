using System.Text.Json.Nodes;
using CertOperator.Testing;
using CertOperator.Testing.Processes;

namespace CertOperator.Cli;

/// <summary>What the program says of itself.</summary>
public class ProgramTests
{
    /// <summary>As built beside these tests.</summary>
    public static readonly string Program = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "CertOperator", Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "cert-operator"));

    [Fact]
    public async Task Rights_are_those_of_config()
    {
        string Config(string file) => File.ReadAllText(Path.Combine(Repository.Root, "config", "rbac", $"{file}.yaml"));

        Assert.Equal(Config("rbac"), (await CliRun.RunAsync(["rbac"])).Output);
        CommandResult all = await CliRun.RunAsync(["rbac", "--with", RbacCommand.Gateway, "--with", RbacCommand.InNamespace, "--with", RbacCommand.Rollouts]);
        Assert.Equal(string.Join("---\n", Config("rbac"), Config("http01-gateway"), Config("http01-in-namespace"), Config("rollouts")), all.Output);
        Assert.Equal(ExitCodes.Failed, (await CliRun.RunAsync(["rbac", "--with", "everything"])).ExitCode);
    }

    [Fact]
    public async Task The_version_is_that_of_the_build()
    {
        JsonNode json = JsonNode.Parse((await CliRun.RunAsync(["version", "-o", "json"])).Output)!;
        Assert.Matches(@"^\d+\.\d+\.\d+$", (string)json["version"]!);
        Assert.StartsWith($"cert-operator {json["version"]}", (await CliRun.RunAsync(["version"])).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/usr/local/bin/kubectl-cert", "kubectl cert status [<name>] [options]")]
    [InlineData("/usr/local/bin/cert-operator", "cert-operator status [<name>] [options]")]
    [InlineData(null, "cert-operator status [<name>] [options]")]
    public async Task Help_calls_the_program_as_it_was_called(string? path, string usage)
        => Assert.Contains($"Usage:\n  {usage}\n", (await CliRun.RunAsync(["status", "--help"], path: path)).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("soon")]
    [InlineData("100ms")]
    [InlineData("25h")]
    public async Task A_grace_that_cannot_be_is_refused_by_name(string grace)
    {
        CommandResult result = await CliRun.RunAsync(["run", "--verify-served", "--verify-served-grace", grace]);
        Assert.Equal(ExitCodes.Failed, result.ExitCode);
        Assert.Contains($"--verify-served-grace {grace} is no duration from 1s to 24h", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_served_is_verified_on_request_only()
    {
        System.CommandLine.RootCommand root = Composition.Create(new Shell());
        Assert.Null(ServedFlags.Of(root.Parse("run")));
        Assert.Equal((TimeSpan.FromMinutes(10), 443, false), Parsed(""));
        Assert.Equal((TimeSpan.FromSeconds(90), 443, false), Parsed(" --verify-served-grace=1m30s"));

        (TimeSpan, int, bool) Parsed(string more) => ServedFlags.Of(root.Parse($"run --verify-served{more}")) is { } options ? (options.Grace, options.Port, options.AllowLoopback) : default;
    }

    [Fact]
    public async Task A_shell_that_is_not_known_is_status_2() => Assert.Equal(ExitCodes.Failed, (await CliRun.RunAsync(["completion", "tcsh"])).ExitCode);
}
