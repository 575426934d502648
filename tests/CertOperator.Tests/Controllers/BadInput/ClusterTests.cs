using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Runtime;
using CertOperator.Runtime.Client;

namespace CertOperator.Controllers.BadInput;

/// <summary>Objects that cannot be read, and objects that go while they are worked on.</summary>
public class ClusterTests
{
    private static readonly ObjectKey Web = new("shop", "web");

    [Fact]
    public async Task An_object_that_cannot_be_decoded_is_named_counted_and_holds_up_nobody()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Ingress("good", "{hosts: [a.example.com], secretName: a}"));
        world.Apply("""
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web, namespace: shop, annotations: {certoperator.io/issuer: ca}}
            spec: {tls: [{hosts: web.example.com, secretName: web}], defaultBackend: {resource: {kind: Bucket, name: web}}}
            """);
        await world.SettleAsync();
        Assert.NotNull(await world.FindSecretAsync("a"));
        Assert.Contains(world.Log.Lines, line => line.Contains("shop/web cannot be decoded", StringComparison.Ordinal) && line.Contains("correct the object", StringComparison.Ordinal));
        Assert.Equal(1, Undecodable("ingresses.networking.k8s.io"));

        world.Apply(Samples.Ingress("later", "{hosts: [b.example.com], secretName: b}"));
        world.Cluster.Delete(Ingress.Type, Web);
        world.Apply(Samples.Ingress("web", "{hosts: [web.example.com], secretName: web}"));
        await world.SettleAsync();
        Assert.NotNull(await world.FindSecretAsync("b"));
        Assert.NotNull(await world.FindSecretAsync("web"));
        Assert.Equal(0, Undecodable("ingresses.networking.k8s.io"));
    }

    [Fact]
    public async Task A_namespace_that_goes_while_certificates_are_issued_leaves_nothing_and_no_noise()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using World world = new(time: time, createNamespaces: false);
        world.Apply("{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
        world.Apply(Samples.Ca);
        await world.SettleAsync();
        for (int i = 0; i < 20; i++)
            world.Apply(Samples.Ingress($"web-{i}", $"{{hosts: [h{i}.example.com], secretName: h{i}}}, {{hosts: [x]}}"));
        world.Cluster.Faults.BeforeNext("patch", Secret.Type, () => world.Cluster.Delete(Namespace, ObjectKey.Cluster("shop")));
        await world.SettleAsync();

        world.Cluster.CollectGarbage();
        await world.SettleAsync();
        Assert.Null(world.Cluster.Find(Namespace, ObjectKey.Cluster("shop")));
        Assert.Empty(world.Cluster.List(Secret.Type, "shop"));
        Assert.Empty(world.Cluster.List(Certificate.Type, "shop"));

        world.Cluster.Requests.Clear();
        time.Advance(TimeSpan.FromHours(1));
        await world.SettleAsync();
        Assert.Equal(0, world.Cluster.Requests.Writes());
        Assert.Empty(world.Log.Lines);
    }

    [Fact]
    public async Task A_certificate_that_goes_while_its_status_is_written_does_not_come_back()
    {
        await using World world = await World.WithCaAsync();
        world.Cluster.Faults.BeforeNext("patch", Secret.Type, () => world.Cluster.Delete(Certificate.Type, Web));
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();

        Assert.Null(await world.FindCertificateAsync("web"));
        Assert.Empty(world.Log.Lines);
    }

    [Fact]
    public async Task A_certificate_made_anew_while_the_former_ones_status_is_written_gets_its_own()
    {
        await using World world = await World.WithCaAsync();
        world.Cluster.Faults.BeforeNext("patch", Secret.Type, () =>
        {
            world.Cluster.Delete(Certificate.Type, Web);
            world.Apply(Samples.Certificate("web", "duration: 48h"));
        });
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();

        Certificate web = await world.CertificateAsync("web");
        Assert.Equal("48h", web.Spec!.Duration);
        Assert.InRange(web.Status!.NotAfter!.Value, TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddHours(49));
    }

    [Fact]
    public async Task A_secret_that_goes_while_it_is_put_right_is_made_again()
    {
        await using World world = await World.WithCaAsync();
        world.Apply(Samples.Certificate("web"));
        await world.SettleAsync();
        world.Cluster.Faults.BeforeNext("patch", Secret.Type, () => world.Cluster.Delete(Secret.Type, Web));
        world.Cluster.Patch(Secret.Type, Web, new JsonObject { ["data"] = new JsonObject { ["ca.crt"] = "" } });
        await world.SettleAsync();
        await world.IsReadyAsync("web");
    }

    private static ResourceType Namespace { get; } = new("", "v1", "Namespace", "namespaces", Namespaced: false);

    /// <summary>The metric, over all operators of this process: other tests have nothing undecodable.</summary>
    private static long Undecodable(string informer)
    {
        long sum = 0;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == RuntimeMetrics.MeterName && instrument.Name == "certoperator.informer.undecodable")
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            foreach (var (key, tag) in tags)
                sum += key == "informer" && (string?)tag == informer ? value : 0;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return sum;
    }
}
