using System.Collections.Concurrent;
using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Controllers;
using CertOperator.Issuers.Acme;
using CertOperator.Telemetry;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Monitoring;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Web;

/// <summary>
/// Issuances of the whole operator, as a collector gets them by OTLP. Sources of spans are the process's, so each test has a Certificate of
/// its own name and looks at its trees only.
/// </summary>
public sealed class TracesTests
{
    [Fact]
    public async Task An_issuance_over_several_reconciles_is_one_tree_from_the_order_to_the_status()
    {
        await using AcmeWorld acme = await AcmeWorld.StartAsync();
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        string attempt = "";
        using (Start(receiver))
        {
            acme.Board.Says["steps.example.com"] = NotYet(acme);
            acme.World.Apply(Samples.Certificate("steps", issuer: "acme").Replace("[steps.example.com]", "[steps.example.com, other.example.com]", StringComparison.Ordinal));
            await acme.UntilAsync("it waits for its challenge", async () => (await acme.StatusAsync("steps")).Issuance?.Challenges?.Count == 2 && acme.Board.Tokens.Count == 1);
            attempt = (await acme.StatusAsync("steps")).Issuance!.Id;
            acme.Board.Says.Clear();
            await acme.UntilReadyAsync("steps");
        }

        TraceTree tree = Assert.Single(receiver.TreesOf("steps"));
        Assert.Equal((attempt, IssuanceTrace.RootName), (tree.Root.TraceId, tree.Root.Name));
        Assert.Equal(
            ("issued", "shop", "Issuer/acme", "acme", attempt),
            (Of(tree.Root, "certoperator.outcome"), Of(tree.Root, "k8s.namespace.name"), Of(tree.Root, "certoperator.issuer"), Of(tree.Root, "certoperator.issuer.type"), Of(tree.Root, "certoperator.attempt.id")));
        Assert.Equal("cert-operator", tree.Root.Resource["service.name"]);
        string[] steps = ["create order", "read authorization", "present challenge", "answer challenge", "remove challenge", "poll order", "finalize order", "download certificate", "get key pair", "verify chain", "write Secret", "write status"];
        Assert.Empty(steps.Except(tree.Names));
        Assert.Equal(["other.example.com", "steps.example.com"], tree.Named("answer challenge").Select(span => Of(span, "acme.identifier")).Order(StringComparer.Ordinal));
        Assert.All(tree.Named("present challenge"), span => Assert.Equal("http-01", Of(span, "acme.challenge")));
        Assert.Contains(tree.Named("present challenge"), span => Of(span, "certoperator.presentation") == nameof(Presentation.NotYet));
        OtlpSpan[] requests = [.. tree.Spans.Where(span => span.Kind == 3)];
        Assert.All(requests, span => Assert.Equal(("127.0.0.1", $"ACME {Of(span, "acme.endpoint")}"), (Of(span, "server.address"), span.Name)));
        Assert.All(requests, span => Assert.True(int.Parse(Of(span, "http.response.status_code")!, System.Globalization.CultureInfo.InvariantCulture) is >= 200 and < 500));
        Assert.All(tree.Named("ACME Finalize"), span => Assert.Equal("finalize order", tree.Parent(span)!.Name));
    }

    [Fact]
    public async Task What_one_process_began_another_adds_to()
    {
        await using AcmeWorld acme = await AcmeWorld.StartAsync();
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using (Start(receiver))
        {
            acme.Board.Says["passed-on.example.com"] = NotYet(acme);
            acme.World.Apply(Samples.Certificate("passed-on", issuer: "acme"));
            await acme.UntilAsync("it waits for its challenge", async () => (await acme.StatusAsync("passed-on")).Issuance?.Challenges is not null);
            await acme.World.StopAsync();
            acme.Board.Says.Clear();
            await acme.UntilReadyAsync("passed-on");
        }

        TraceTree tree = Assert.Single(receiver.TreesOf("passed-on"));
        Assert.Equal("issued", Of(tree.Root, "certoperator.outcome"));
        Assert.Single(tree.Named("create order"));
        Assert.Equal([nameof(Presentation.InPlace), nameof(Presentation.NotYet)], tree.Named("present challenge").Select(span => Of(span, "certoperator.presentation")).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_failure_ends_its_tree_with_its_class_and_the_next_attempt_has_another_one()
    {
        await using AcmeWorld acme = await AcmeWorld.StartAsync();
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using (Start(receiver))
        {
            acme.Board.Unreachable["refused.example.com"] = new ValidationFailure("connection", "nobody is there", 400);
            acme.World.Apply(Samples.Certificate("refused", issuer: "acme"));
            await acme.UntilAsync("it failed", async () => (await acme.StatusAsync("refused")).FailedIssuanceAttempts == 1);
            acme.Board.Unreachable.Clear();
            await acme.UntilReadyAsync("refused");
        }

        IReadOnlyList<TraceTree> trees = receiver.TreesOf("refused");
        Assert.Equal(
            [("failed", "ValidationFailed", true), ("issued", null, false)],
            trees.Select(tree => (Of(tree.Root, "certoperator.outcome"), Of(tree.Root, "error.type"), tree.Root.IsError)));
    }

    [Fact]
    public async Task An_order_that_is_not_wanted_any_more_ends_its_tree()
    {
        await using AcmeWorld acme = await AcmeWorld.StartAsync();
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using (Start(receiver))
        {
            acme.Board.Says["unwanted.example.com"] = NotYet(acme);
            acme.World.Apply(Samples.Certificate("unwanted", issuer: "acme"));
            await acme.UntilAsync("it waits for its challenge", async () => (await acme.StatusAsync("unwanted")).Issuance?.Challenges is not null);
            acme.World.Cluster.Delete(Certificate.Type, new("shop", "unwanted"));
            await acme.World.SettleAsync();
        }

        TraceTree tree = Assert.Single(receiver.TreesOf("unwanted"));
        Assert.Equal("abandoned", Of(tree.Root, "certoperator.outcome"));
        Assert.Contains("remove challenge", tree.Names);
    }

    [Fact]
    public async Task A_certificate_of_a_CA_has_a_tree_too()
    {
        await using World world = await World.WithCaAsync();
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using (Start(receiver))
        {
            world.Apply(Samples.Certificate("of-ca"));
            await world.SettleAsync();
        }

        TraceTree tree = Assert.Single(receiver.TreesOf("of-ca"));
        Assert.Equal(("issued", "ca"), (Of(tree.Root, "certoperator.outcome"), Of(tree.Root, "certoperator.issuer.type")));
        Assert.Equal(["get key pair", IssuanceTrace.RootName, "sign", "verify chain", "write Secret", "write status"], tree.Names.Order(StringComparer.Ordinal));
        Assert.All(tree.Spans.Where(span => span != tree.Root), span => Assert.Equal(tree.Root, tree.Parent(span)));
    }

    [Fact]
    public async Task Nothing_in_a_tree_answers_a_challenge_or_leads_to_the_order()
    {
        await using AcmeWorld acme = await AcmeWorld.StartAsync();
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        var secrets = new ConcurrentBag<string>();
        acme.Server.Behaviour.Validate = attempt =>
        {
            secrets.Add(attempt.Token);
            secrets.Add(attempt.KeyAuthorization.Split('.')[1]);
            return acme.Board.ValidateAsync(attempt);
        };
        using (Start(receiver))
        {
            acme.World.Apply(Samples.Certificate("discreet", issuer: "acme"));
            await acme.UntilReadyAsync("discreet");
        }

        Assert.Single(receiver.TreesOf("discreet"));
        Assert.True(secrets.Count >= 2);
        string[] paths = [.. acme.Server.Requests.Select(request => request.Url.AbsolutePath).Where(path => path.Length > 1)];
        Assert.NotEmpty(paths);
        Assert.All(secrets.Concat(paths), text => Assert.DoesNotContain(text, receiver.Text, StringComparison.Ordinal));
        Assert.All(acme.Server.Requests, request => Assert.DoesNotContain("traceparent", request.Headers.Keys, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Of_attempts_that_are_not_sampled_nothing_is_sent()
    {
        await using World world = await World.WithCaAsync();
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using (Start(receiver, ratio: 0))
        {
            world.Apply(Samples.Certificate("unsampled"));
            await world.SettleAsync();
            Assert.Equal("True", (await world.ReadyAsync("unsampled")).Status);
        }

        Assert.Equal("", receiver.Text);
    }

    [Fact]
    public async Task A_collector_that_takes_nothing_is_told_of_once_and_holds_nothing_up()
    {
        await using World world = await World.WithCaAsync();
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        receiver.Status = StatusCodes.Status403Forbidden;
        using (Traces.Start(Settings(receiver, 1), world.Log))
        {
            world.Apply(Samples.Certificate("unheard"));
            await world.SettleAsync();
            Assert.Equal("True", (await world.ReadyAsync("unheard")).Status);
        }

        Assert.Single(world.Log.Lines, line => line.Contains("Traces cannot be sent to http://127.0.0.1:", StringComparison.Ordinal));
    }

    private static IDisposable Start(OtlpReceiver receiver, double ratio = 1) => Traces.Start(Settings(receiver, ratio), NullLoggerFactory.Instance);

    private static TraceSettings Settings(OtlpReceiver receiver, double ratio)
        => TraceSettings.Read(receiver.Endpoint.ToString(), _ => null)! with { Ratio = ratio };

    private static Presentation.NotYet NotYet(AcmeWorld acme) => new(acme.Time.GetUtcNow() + TimeSpan.FromSeconds(10), "It is not there yet.");

    private static string? Of(OtlpSpan span, string attribute) => span.Attributes.GetValueOrDefault(attribute);
}
