using CertOperator.Controllers;
using CertOperator.Testing.Processes;

namespace CertOperator.Cli.Suggestions;

/// <summary>What a shell is told that may come next; the words are separated by spaces, and the last may be empty.</summary>
public class SuggesterTests
{
    private const string Objects = Samples.Ca + "\n---\n";

    [Theory]
    [InlineData("st", "status")]
    [InlineData("ver", "version")]
    [InlineData("__", "")]
    [InlineData("inspect sec", "secret/")]
    [InlineData("inspect --sn", "--sni")]
    [InlineData("status -o ", "json table wide yaml")]
    [InlineData("audit -o s", "sarif")]
    [InlineData("completion ", "bash fish kubectl powershell zsh")]
    [InlineData("rbac --with ", "http01-gateway http01-in-namespace rollouts")]
    public async Task Words_of_the_program_are_suggested(string typed, string expected) => Assert.Equal(expected, await SuggestAsync(typed));

    [Fact]
    public async Task Options_are_suggested_when_one_is_begun_and_commands_otherwise()
    {
        Assert.All((await SuggestAsync("status --")).Split(' '), word => Assert.StartsWith("--", word, StringComparison.Ordinal));
        string[] commands = (await SuggestAsync("")).Split(' ');
        Assert.Contains("status", commands);
        Assert.All(commands, word => Assert.Matches("^[a-z]", word));
    }

    [Theory]
    [InlineData("status {0} ", "root shop-tls web")]
    [InlineData("status {0} s", "shop-tls")]
    [InlineData("renew {0} web ", "root shop-tls")]
    [InlineData("rollback {0} -n other ", "")]
    [InlineData("status {0} -n ", "shop")]
    [InlineData("status {0} --context ", "test")]
    [InlineData("status {0} --selector ", "")]
    [InlineData("inspect {0} secret/s", "secret/shop-tls")]
    [InlineData("audit {0} ", "")]
    public async Task Names_are_those_of_the_cluster_that_the_words_mean(string typed, string expected)
    {
        await using CliWorld world = await CliWorld.StartAsync(Objects + Samples.Certificate("web") + "\n---\n" + Samples.Certificate("shop-tls"));
        Assert.Equal(expected, await SuggestAsync(typed.Replace("{0}", $"--kubeconfig {world.Kubeconfig}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Without_a_cluster_nothing_is_suggested_and_nothing_is_said()
    {
        await using CliWorld world = await CliWorld.StartAsync();
        string dead = world.WriteKubeconfig("dead", new Uri("http://127.0.0.1:1"));
        foreach (string kubeconfig in (string[])["/none", dead])
            Assert.Equal("", await SuggestAsync($"status --kubeconfig {kubeconfig} "));
    }

    private static async Task<string> SuggestAsync(string typed)
    {
        CommandResult result = await CliRun.RunAsync([Suggester.Command, .. typed.Split(' ')]);
        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        return result.Output.TrimEnd('\n').Replace('\n', ' ');
    }
}
