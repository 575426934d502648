using System.CommandLine;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Cli.Clusters;
using CertOperator.Controllers;
using CertOperator.Rotation;

namespace CertOperator.Cli;

/// <summary>What a person asks for, and what the operator made of it.</summary>
public class RollbackCommandTests
{
    [Fact]
    public async Task It_goes_back_to_the_pair_that_was_replaced_last_and_says_so()
    {
        await using World world = await RollbackTests.RenewedAsync(new FakeTimeProvider(RollbackTests.Start));
        var (status, output) = await RunAsync(world, "web");

        Assert.Equal((ExitCodes.Ok, "The Secret shop/web carries revision 1 again.\n"), (status, output));
        Assert.Equal("1", (await world.SecretAsync("web")).Metadata.Annotations![Labels.Revision]);
        (status, output) = await RunAsync(world, "web --to 2 -o json");
        Assert.Equal(ExitCodes.Ok, status);
        Assert.Equal("""{"revision":2,"done":true,"message":"The Secret shop/web carries revision 2 again."}""", JsonNode.Parse(output)!.ToJsonString());
    }

    [Fact]
    public async Task A_refusal_is_one_sentence_and_a_status()
    {
        await using World world = await RollbackTests.RenewedAsync(new FakeTimeProvider(RollbackTests.Start));
        var (status, output) = await RunAsync(world, "web --to 9");

        Assert.Equal(ExitCodes.NotReady, status);
        Assert.Equal("No former key pair was put back into the Secret shop/web: The Secret shop/web-history does not hold revision 9, but 1.\n", output);
    }

    [Theory]
    [InlineData("nobody", "There is no Certificate nobody in namespace shop: cert-operator status -A lists them all.")]
    [InlineData("root", "Certificate shop/root has no former key pair to go back to")]
    public async Task What_cannot_be_asked_for_is_told(string name, string sentence)
    {
        await using World world = await World.WithCaAsync();
        var failure = await Assert.ThrowsAsync<CommandException>(() => RunAsync(world, name));
        Assert.StartsWith(sentence, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_operator_it_does_not_wait_for_ever()
    {
        await using World world = await RollbackTests.RenewedAsync(new FakeTimeProvider(RollbackTests.Start));
        await world.StopAsync();
        var failure = await Assert.ThrowsAsync<CommandException>(() => RunAsync(world, "web --timeout 0"));
        Assert.StartsWith("The operator did not answer within 0 seconds", failure.Message, StringComparison.Ordinal);
    }

    private static async Task<(int Status, string Output)> RunAsync(World world, string arguments)
    {
        var shell = new Shell();
        using var output = new StringWriter { NewLine = "\n" };
        ParseResult parsed = RollbackCommand.Create(shell).Parse(arguments);
        parsed.InvocationConfiguration.Output = output;
        Assert.Empty(parsed.Errors);
        var call = new ClusterCall
        {
            Parsed = parsed,
            Shell = shell,
            Client = world.Client,
            Namespace = "shop",
            AllNamespaces = false,
            Format = arguments.EndsWith(FormatOption.Json, StringComparison.Ordinal) ? FormatOption.Json : FormatOption.Table,
        };
        int status = await RollbackCommand.RunAsync(call, CancellationToken.None);
        return (status, output.ToString());
    }
}
