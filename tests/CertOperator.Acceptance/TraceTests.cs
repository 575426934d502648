using CertOperator.Acceptance.Acme;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Monitoring;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance;

/// <summary>The published binary sends its traces by OTLP, over HTTP or by gRPC, as the standard variables say.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed class TraceTests(OperatorFixture fixture)
{
    [Fact]
    public async Task An_issuance_that_outlives_kill_minus_nine_is_one_tree_of_spans_of_two_processes()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        await using AcmeNamespace acme = await AcmeNamespace.CreateAsync(installation);
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        int port = FreePorts.Take(1)[0];
        await using PebbleServer pebble = await PebbleServer.StartAsync(new PebbleOptions { HttpPort = port });

        // A self-check that is required and cannot be answered holds the order up.
        await using (OperatorProcess first = await installation.StartAsync(acmePort: port, environment: Export(receiver.Endpoint, "http/protobuf", "first")))
        {
            await acme.AddIssuerAsync("acme", pebble, "{http01: {route: External} }", "selfCheck: Required");
            await acme.ApplyAsync(Manifests.Certificate(acme.Name, "traced", issuer: "{name: acme}"));
            await Eventually.HoldsAsync("the first process tells of its challenge", () => Task.FromResult(receiver.Has("present challenge", "acme.identifier", "traced.example.com")));
            await first.KillAsync();
        }

        await using (OperatorProcess second = await installation.StartAsync(acmePort: port, environment: Export(receiver.GrpcEndpoint, "grpc", "second")))
        {
            await acme.AddIssuerAsync("acme", pebble, "{http01: {route: External} }", "selfCheck: \"Off\"");
            await installation.ReadyAsync(acme.Name);
            Assert.Equal(0, await second.StopAsync());
        }

        TraceTree tree = Assert.Single(receiver.TreesOf("traced"));
        Assert.Equal(("issued", "acme", acme.Name), (tree.Root.Attributes["certoperator.outcome"], tree.Root.Attributes["certoperator.issuer.type"], tree.Root.Attributes["k8s.namespace.name"]));
        Assert.Equal(["first", "second"], tree.Spans.Select(span => span.Resource["service.instance.id"]).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal("first", tree.Named("create order").Single().Resource["service.instance.id"]);
        Assert.All(tree.Spans, span => Assert.True(tree.Root.Start <= span.Start && span.End <= tree.Root.End, $"{span.Name} is outside of its root."));
        Assert.Empty(((string[])["self-check", "answer challenge", "finalize order", "download certificate", "get key pair", "verify chain", "write Secret", "write status"]).Except(tree.Names));
        Assert.DoesNotContain(pebble.DirectoryUrl.AbsolutePath, receiver.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("BEGIN", receiver.Text, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Export(Uri endpoint, string protocol, string instance) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance}",
    };
}
