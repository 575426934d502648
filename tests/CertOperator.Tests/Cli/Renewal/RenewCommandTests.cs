using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Controllers;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory.Traffic;
using CertOperator.Testing.Processes;

namespace CertOperator.Cli.Renewal;

public class RenewCommandTests
{
    private const string Ready = Samples.Ca + "\n---\n";

    [Fact]
    public async Task A_good_certificate_is_replaced_once_by_one_patch()
    {
        await using CliWorld world = await CliWorld.StartAsync(Ready + Samples.Certificate("web"));
        Certificate before = await world.World.CertificateAsync("web");
        world.World.Cluster.Requests.Clear();
        CommandResult result = await world.RunAsync("renew", "web", "--wait");

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        Assert.Matches("^shop/web: Issuer/ca is asked for a new certificate now; the one in Secret web, valid until .*, stays until then.\nshop/web: renewed: A new certificate is in Secret web, valid until .*\n$", result.Output);
        await world.World.SettleAsync();
        Certificate after = await world.World.CertificateAsync("web");
        Assert.NotEqual(before.Status!.Fingerprint, after.Status!.Fingerprint);
        Assert.Equal((before.Status.Revision + 1, "A new certificate was asked for by the annotation certoperator.io/renew."), (after.Status.Revision, after.Status.Attempts![0].Reason));
        Assert.Equal(1, world.World.Cluster.Requests.Counts[new ApiRequest("patch", ApiGroup.Name, Certificate.Type.Plural)]);
    }

    [Fact]
    public async Task The_wish_is_fulfilled_once_also_by_another_operator_and_a_new_certificate_needs_none()
    {
        await using CliWorld world = await CliWorld.StartAsync(Ready + Samples.Certificate("web"));
        await world.RunAsync("renew", "web", "--wait");
        string? stored = (await world.World.CertificateAsync("web")).Status!.Fingerprint;
        await world.World.StopAsync();
        world.World.Apply(Samples.Certificate("copy").Replace("name: copy,", "name: copy, annotations: {certoperator.io/renew: again},", StringComparison.Ordinal));
        await world.World.SettleAsync();

        Assert.Equal(stored, (await world.World.CertificateAsync("web")).Status!.Fingerprint);
        Assert.Equal((1, "again"), ((await world.World.CertificateAsync("copy")).Status!.Revision, (await world.World.CertificateAsync("copy")).Status!.RenewedFor));
    }

    [Fact]
    public async Task A_wish_whose_status_was_lost_after_the_secret_was_written_is_not_fulfilled_twice()
    {
        await using CliWorld world = await CliWorld.StartAsync(Ready + Samples.Certificate("web"));
        await world.World.StopAsync();
        Certificate asked = await world.World.Client.PatchAsync<Certificate>(new ObjectKey("shop", "web"), RenewCommand.Patch("now"), CancellationToken.None);
        await world.World.SettleAsync();
        Certificate told = await world.World.CertificateAsync("web");
        await world.World.StopAsync();
        // As if the operator had ended between its two writes.
        await world.World.Client.ApplyStatusAsync(told with { Metadata = new() { Name = "web", Namespace = "shop" }, Spec = null, Status = asked.Status }, ApiGroup.StatusManager, CancellationToken.None);
        await world.World.SettleAsync();

        Certificate after = await world.World.CertificateAsync("web");
        Assert.Equal((told.Status!.Fingerprint, "now"), (after.Status!.Fingerprint, after.Status.RenewedFor));
    }

    [Fact]
    public async Task A_failure_is_told_with_its_sentence_and_status_1()
    {
        await using CliWorld world = await CliWorld.StartAsync(Ready + Samples.Certificate("web", "usages: [server auth]"));
        JsonObject ca = new() { ["spec"] = new JsonObject { ["ca"] = new JsonObject { ["secretName"] = "web" } } };
        await world.World.Client.PatchAsync<Issuer>(new ObjectKey("shop", "ca"), ca, CancellationToken.None);
        await world.World.SettleAsync();
        CommandResult result = await world.RunAsync("renew", "web", "--wait", "--timeout", "2", "-o", "json");

        Assert.NotEqual(ExitCodes.Ok, result.ExitCode);
        Assert.NotEqual("Renewed", (string?)JsonNode.Parse(result.Output)!["certificates"]![0]!["state"]);
    }

    [Fact]
    public async Task Labels_and_all_choose_many()
    {
        await using CliWorld world = await CliWorld.StartAsync(Ready + string.Join("\n---\n", Samples.Certificate("a").Replace("name: a,", "name: a, labels: {team: x},", StringComparison.Ordinal), Samples.Certificate("b")));
        CommandResult some = await world.RunAsync("renew", "-l", "team=x");
        Assert.StartsWith("shop/a: ", Assert.Single(some.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        CommandResult all = await world.RunAsync("renew", "--all", "-A", "-o", "json");
        Assert.Equal(3, JsonNode.Parse(all.Output)!["certificates"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("Say which Certificates to renew, in one way", "renew")]
    [InlineData("Say which Certificates to renew, in one way", "renew", "web", "--all")]
    [InlineData("leave out -A", "renew", "web", "-A")]
    [InlineData("did you mean web?", "renew", "wbe")]
    [InlineData("No Certificate is meant", "renew", "--all", "-n", "other")]
    [InlineData("use 1 to 86400", "renew", "web", "--timeout", "0")]
    [InlineData("No new certificate came in time for shop/web", "renew", "web", "--wait", "--timeout", "1")]
    public async Task What_cannot_be_done_is_a_sentence_with_status_2(string sentence, params string[] arguments)
    {
        await using CliWorld world = await CliWorld.StartAsync(Ready + Samples.Certificate("web"));
        await world.World.StopAsync();
        CommandResult result = await world.RunAsync(arguments);
        Assert.Equal(ExitCodes.Failed, result.ExitCode);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("value", null, 0, RenewalRow.Renewed)]
    [InlineData(null, "value", 1, RenewalRow.Failed)]
    [InlineData("older", "value", 0, RenewalRow.Asked)]
    [InlineData(null, "older", 1, RenewalRow.Asked)]
    public void What_became_of_it_follows_from_the_status(string? renewed, string? retried, int failures, string state)
    {
        var before = new Certificate { Metadata = new() { Name = "web", Namespace = "shop" } };
        var now = before with
        {
            Status = new CertificateStatus { RenewedFor = renewed, RetriedFor = retried, FailedIssuanceAttempts = failures, LastFailureTime = CliRun.Now, LastFailure = "It failed." },
        };
        Assert.Equal(state, RenewalProgress.Of(before, now, "value").State);
    }
}
