using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Controllers;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.Yaml;
using CertOperator.Testing.Processes;

namespace CertOperator.Cli.Status;

public class StatusCommandTests
{
    private const string Ready = Samples.Ca + "\n---\n";

    [Fact]
    public async Task All_ready_is_status_0_with_a_row_each()
    {
        await using CliWorld world = await CliWorld.StartAsync(Ready + Samples.Certificate("web"));
        CommandResult result = await world.RunAsync("status");

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        string[] lines = result.Output.Split('\n');
        Assert.Matches("^NAME +READY +ISSUER +EXPIRES +RENEWAL +REASON$", lines[0]);
        Assert.Matches(@"^root +True +Issuer/bootstrap +\d{4}-\d\d-\d\d \(9y\) +\d{4}-\d\d-\d\d \(\dy\) +UpToDate$", lines[1]);
        Assert.StartsWith("web ", lines[2], StringComparison.Ordinal);
        Assert.StartsWith("2 of 2 Certificates ready; the next renewal is on ", lines[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_ready_comes_first_and_is_explained_with_status_1()
    {
        await using CliWorld world = await CliWorld.StartAsync(Ready + Samples.Certificate("a") + "\n---\n" + Samples.Certificate("z", issuer: "gone")
            + "\n---\n{apiVersion: certoperator.io/v1, kind: ClusterIssuer, metadata: {name: company}, spec: {ca: {secretName: company-ca}}}");
        CommandResult result = await world.RunAsync("status", "-A");

        Assert.Equal(ExitCodes.NotReady, result.ExitCode);
        string[] lines = result.Output.Split('\n');
        Assert.Matches("^shop +z +False +Issuer/gone +- +- +IssuerNotFound$", lines[1]);
        Assert.Contains("\n2 of 3 Certificates ready, 1 issuer not ready;", result.Output, StringComparison.Ordinal);
        Assert.Contains("\nshop/z: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("\nClusterIssuer company: ", result.Output, StringComparison.Ordinal);

        JsonNode json = JsonNode.Parse((await world.RunAsync("status", "-A", "-o", "json")).Output)!;
        Assert.Equal(("z", 3, 2), ((string)json["certificates"]![0]!["name"]!, (int)json["total"]!, (int)json["ready"]!));
    }

    [Fact]
    public async Task Wide_adds_the_secrets_and_names()
    {
        await using CliWorld world = await CliWorld.StartAsync(Ready + Samples.Certificate("web"));
        string[] lines = (await world.RunAsync("status", "-o", "wide", "-A")).Output.Split('\n');
        Assert.Matches("^NAMESPACE +NAME +READY +ISSUER +EXPIRES +RENEWAL +REASON +SECRET +NAMES$", lines[0]);
        Assert.Matches("^shop +web +True .* UpToDate +web +web\\.example\\.com$", lines[2]);
    }

    [Fact]
    public async Task Yaml_and_json_are_the_same_fields()
    {
        await using CliWorld world = await CliWorld.StartAsync(Ready + Samples.Certificate("web"));
        foreach (string[] arguments in (string[][])[["status"], ["status", "web"], ["inspect", "secret/web"]])
        {
            JsonNode yaml = YamlReader.Read((await world.RunAsync([.. arguments, "-o", "yaml"])).Output).Single().Root;
            Assert.True(JsonNode.DeepEquals(yaml, JsonNode.Parse((await world.RunAsync([.. arguments, "-o", "json"])).Output)), yaml.ToString());
        }
    }

    [Fact]
    public async Task When_very_many_are_not_ready_the_first_are_explained_and_issuers_before_them()
    {
        await using CliWorld world = await CliWorld.StartAsync("{apiVersion: certoperator.io/v1, kind: Issuer, metadata: {name: ca, namespace: shop}, spec: {ca: {secretName: none}}}");
        for (int number = 0; number < 25; number++)
            world.World.Apply(Samples.Certificate($"web-{number:00}"));
        await world.World.SettleAsync();
        CommandResult result = await world.RunAsync("status");

        Assert.Equal(ExitCodes.NotReady, result.ExitCode);
        string[] sentences = result.Output.TrimEnd('\n').Split('\n')[28..];
        Assert.StartsWith("Issuer shop/ca: ", sentences[0], StringComparison.Ordinal);
        Assert.StartsWith("shop/web-18: ", sentences[19], StringComparison.Ordinal);
        Assert.Equal("And 6 more: status NAME tells of one, -o json of all.", Assert.Single(sentences[20..]));
    }

    [Fact]
    public async Task One_certificate_is_shown_with_chain_and_next_step_and_without_its_key()
    {
        await using CliWorld world = await CliWorld.StartAsync(Ready + Samples.Certificate("web"));
        CommandResult result = await world.RunAsync("status", "web");

        Assert.Equal((ExitCodes.Ok, ""), (result.ExitCode, result.Error));
        Assert.StartsWith("Certificate shop/web is ready: The Secret shop/web holds a verified certificate", result.Output, StringComparison.Ordinal);
        Assert.Contains("Next        It renews on ", result.Output, StringComparison.Ordinal);
        Assert.Contains("Issuer      Issuer shop/ca, ready\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("CHAIN\n0  web.example.com  (leaf)\n   issued by   CN=Root\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("Issued ", result.Output, StringComparison.Ordinal);
        JsonNode json = JsonNode.Parse((await world.RunAsync("status", "web", "-o", "json")).Output)!;
        Assert.Equal("web.example.com", (string?)json["chain"]![0]!["names"]![0]);
        string[] key = (await world.EntryAsync("web", "tls.key")).Split('\n');
        Assert.DoesNotContain(key[1], result.Output + json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_not_ready_is_told_with_its_cause_and_status_1()
    {
        await using CliWorld world = await CliWorld.StartAsync(Ready + Samples.Certificate("web", issuer: "gone"));
        CommandResult result = await world.RunAsync("status", "web");

        Assert.Equal(ExitCodes.NotReady, result.ExitCode);
        Assert.StartsWith("Certificate shop/web is not ready: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("Issuer shop/gone, not ready: there is none of this name", result.Output, StringComparison.Ordinal);
        Assert.Contains("The Secret shop/web does not exist.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_ready_and_not_served_is_told()
    {
        await using CliWorld world = await CliWorld.StartAsync(Ready + Samples.Certificate("web"));
        await world.World.StopAsync();
        world.World.Cluster.Patch(Certificate.Type, new ObjectKey("shop", "web"), JsonNode.Parse("""
            {"status": {"conditions": [{"type": "Ready", "status": "True", "reason": "Ready", "message": "It is stored."},
             {"type": "Served", "status": "False", "reason": "OtherCertificate", "message": "10.0.0.1 serves another one."}]}}
            """)!.AsObject(), "status");
        CommandResult all = await world.RunAsync("status"), one = await world.RunAsync("status", "web");

        Assert.Matches("\nweb +True +Issuer/ca .* OtherCertificate\n", all.Output);
        Assert.EndsWith("\nshop/web: 10.0.0.1 serves another one.\n", all.Output, StringComparison.Ordinal);
        Assert.Matches("\nServed +False +- +OtherCertificate +10.0.0.1 serves another one.\n", one.Output);
        Assert.Equal("False", (string?)JsonNode.Parse((await world.RunAsync("status", "-o", "json")).Output)!["certificates"]![1]!["served"]);
    }

    [Fact]
    public async Task What_objects_say_cannot_steer_the_terminal()
    {
        await using CliWorld world = await CliWorld.StartAsync(Ready);
        world.World.Cluster.Apply(JsonNode.Parse("""
            {"apiVersion":"certoperator.io/v1","kind":"Certificate","metadata":{"name":"evil","namespace":"shop"},
             "spec":{"secretName":"evil","issuerRef":{"name":"\u001b[2Jca\u202e"},"dnsNames":["\u001b]0;x\u0007.example.com"]}}
            """)!.AsObject(), "kubectl");
        await world.World.SettleAsync();

        foreach (string[] arguments in (string[][])[["status"], ["status", "-o", "wide"], ["status", "evil"], ["status", "-o", "json"], ["status", "evil", "-o", "json"], ["status", "evil", "-o", "yaml"]])
        {
            CommandResult result = await world.RunAsync(arguments);
            Assert.DoesNotContain(result.Output + result.Error, letter => letter != '\n' && (char.IsControl(letter) || letter == '\u202e'));
        }
    }

    [Fact]
    public async Task Lists_are_read_page_by_page()
    {
        await using CliWorld world = await CliWorld.StartAsync(Ready);
        await world.World.StopAsync();
        for (int number = 0; number < 1001; number++)
            world.World.Apply(Samples.Certificate($"web-{number}"));
        CommandResult result = await world.RunAsync("status", "-o", "json");

        Assert.Equal(1002, (int)JsonNode.Parse(result.Output)!["total"]!);
        Assert.Equal("", result.Error);

        result = await CliRun.RunAsync(["status", "-o", "json", "--kubeconfig", world.Kubeconfig], world.Shell with { ShowsProgress = true });
        Assert.Equal("\r\u001b[KReading certificates: 500\r\u001b[KReading certificates: 1000\r\u001b[K", result.Error);
    }

    [Fact]
    public async Task Nothing_there_is_said_on_standard_error_with_status_0()
    {
        await using CliWorld world = await CliWorld.StartAsync();
        CommandResult result = await world.RunAsync("status");
        Assert.Equal(new CommandResult(0, "", "There are no Certificates in namespace shop: name another with -n, or all with -A.\n"), result);
    }

    [Fact]
    public async Task A_name_that_is_nearly_right_is_suggested()
    {
        await using CliWorld world = await CliWorld.StartAsync(Ready + Samples.Certificate("shop-tls"));
        Assert.Equal(new CommandResult(ExitCodes.Failed, "", "There is no Certificate shop-tsl in namespace shop: did you mean shop-tls?\n"), await world.RunAsync("status", "shop-tsl"));
        Assert.Equal(
            new CommandResult(ExitCodes.Failed, "", "There is no Certificate web in namespace other: cert-operator status -A lists them all.\n"),
            await world.RunAsync("status", "web", "-n", "other"));
    }

    [Fact]
    public async Task A_refusal_is_one_sentence_that_says_what_to_do()
    {
        await using CliWorld world = await CliWorld.StartAsync();
        world.World.Cluster.Faults.FailNext("list", Certificate.Type, KubeFailure.Forbidden);
        CommandResult result = await world.RunAsync("status");

        Assert.Equal((ExitCodes.Failed, ""), (result.ExitCode, result.Output));
        Assert.Matches("^Cannot list certificates.*forbidden.*have the right granted to you\\.\n$", result.Error);
    }

    [Fact]
    public async Task A_cluster_without_the_definitions_and_one_that_does_not_answer_are_told_apart()
    {
        await using CliWorld world = await CliWorld.StartAsync();
        await using var bare = await Testing.Api.FakeApiServer.StartAsync(new InMemoryCluster(TimeProvider.System));
        CommandResult notInstalled = await CliRun.RunAsync(["status", "--kubeconfig", world.WriteKubeconfig("bare", bare.Address)]);
        Assert.Equal(ExitCodes.Failed, notInstalled.ExitCode);
        Assert.EndsWith(" Install the definitions: cert-operator crds | kubectl apply --server-side -f -\n", notInstalled.Error, StringComparison.Ordinal);

        CommandResult notThere = await CliRun.RunAsync(["status", "--kubeconfig", world.WriteKubeconfig("dead", new Uri("http://127.0.0.1:1"))]);
        Assert.Equal(ExitCodes.Failed, notThere.ExitCode);
        Assert.Matches("^Cannot list .*: no connection to the API server\\. Check that http://127.0.0.1:1 is the right server.*\n$", notThere.Error);

        CommandResult noFile = await CliRun.RunAsync(["status", "--kubeconfig", "/none"]);
        Assert.Equal(new CommandResult(ExitCodes.Failed, "", "There is no kubeconfig /none.\n"), noFile);
    }

    [Fact]
    public async Task Colours_are_for_terminals()
    {
        await using CliWorld world = await CliWorld.StartAsync(Ready);
        Assert.DoesNotContain('\u001b', (await world.RunAsync("status")).Output);
        CommandResult coloured = await CliRun.RunAsync(["status", "--kubeconfig", world.Kubeconfig], new Shell { HasColours = true });
        Assert.Contains("\u001b[32mTrue\u001b[0m", coloured.Output, StringComparison.Ordinal);
    }
}
