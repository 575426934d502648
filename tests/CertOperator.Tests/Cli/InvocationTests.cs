using CertOperator.Testing.Processes;

namespace CertOperator.Cli;

/// <summary>Command lines that are wrong: a sentence on standard error, nothing on standard output, status 2.</summary>
public class InvocationTests
{
    [Theory]
    [InlineData("stat", "There is no command stat: did you mean status?\nSee cert-operator --help.\n")]
    [InlineData("__complet", "There is no command __complet: did you mean completion?\nSee cert-operator --help.\n")]
    [InlineData("--everything", "There is no option --everything.\nSee cert-operator --help.\n")]
    [InlineData("status --foo", "There is no option --foo.\nSee cert-operator status --help.\n")]
    [InlineData("status --contxt test", "There is no option --contxt: did you mean --context?\nSee cert-operator status --help.\n")]
    [InlineData("renew -x", "There is no option -x.\nSee cert-operator renew --help.\n")]
    [InlineData("status one two", "two is one word too many.\nSee cert-operator status --help.\n")]
    [InlineData("inspect", "Required argument 'what' missing for command: 'inspect'.\nSee cert-operator inspect --help.\n")]
    [InlineData("renew --all --timeout 0", "--timeout is out of range: use 1 to 86400 seconds.\nSee cert-operator renew --help.\n")]
    [InlineData("renew", "Say which Certificates to renew, in one way: by their names, by --selector, or --all.\nSee cert-operator renew --help.\n")]
    public async Task What_is_wrong_is_said_with_where_to_look(string typed, string error)
        => Assert.Equal(new CommandResult(ExitCodes.Failed, "", error), await CliRun.RunAsync(typed.Split(' ')));

    [Fact]
    public async Task A_format_that_is_not_known_is_refused_with_those_that_are()
    {
        CommandResult result = await CliRun.RunAsync(["status", "-o", "xml"], path: "/usr/bin/kubectl-cert");
        Assert.Equal((ExitCodes.Failed, ""), (result.ExitCode, result.Output));
        Assert.Matches("'xml'.*'table'.*'yaml'", result.Error);
        Assert.EndsWith("\nSee kubectl cert status --help.\n", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("status --foo --help")]
    public async Task Who_asks_for_help_or_nothing_gets_help(string typed)
    {
        CommandResult result = await CliRun.RunAsync(typed.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        Assert.Contains("Usage:\n  cert-operator ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_two_hyphens_a_word_is_what_it_is()
        => Assert.Contains("There is no file \"--odd\"", (await CliRun.RunAsync(["inspect", "--", "--odd"])).Error, StringComparison.Ordinal);
}
