using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Network;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers.Served;

/// <summary>An operator that verifies what is served, and an ingress controller on loopback that takes up a Secret when it is told to.</summary>
internal sealed class ServedWorld : IAsyncDisposable
{
    public const string Name = "lb.example.net";

    private ServedWorld(FakeTimeProvider time)
    {
        Time = time;
        Server = new SniServer(time);
    }

    public FakeTimeProvider Time { get; }

    public SniServer Server { get; }

    public World World { get; private set; } = null!;

    public ServedOptions Options { get; private set; } = null!;

    /// <summary>Names that were looked up.</summary>
    public ConcurrentQueue<string> LookedUp { get; } = [];

    /// <summary>What <see cref="Name"/> resolves to.</summary>
    public string[] Addresses { get; set; } = ["127.0.0.1"];

    /// <param name="change">Of the options, which ask the ingress controller's port and may connect to loopback.</param>
    public static async Task<ServedWorld> StartAsync(Func<ServedOptions, ServedOptions>? change = null)
    {
        var world = new ServedWorld(new FakeTimeProvider(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        world.Options = new ServedOptions { Port = world.Server.Port, AllowLoopback = true, Resolve = world.ResolveAsync };
        world.Options = change?.Invoke(world.Options) ?? world.Options;
        world.World = new World(new OperatorOptions { Served = world.Options }, world.Time);
        world.World.Apply(Samples.Ca);
        await world.World.SettleAsync();
        return world;
    }

    /// <summary>An Ingress with a Certificate and Secret of its name.</summary>
    public async Task AddAsync(string name, string address = "127.0.0.1", string annotations = "certoperator.io/issuer: ca", string? tls = null)
    {
        World.Apply(Samples.Ingress(name, tls ?? $"{{hosts: [{name}.example.com], secretName: {name}}}", annotations));
        Address(name, address);
        await World.SettleAsync();
    }

    public void Address(string ingress, string address) => World.Cluster.Patch(
        Ingress.Type,
        new ObjectKey("shop", ingress),
        new JsonObject { ["status"] = new JsonObject { ["loadBalancer"] = new JsonObject { ["ingress"] = address.Length == 0 ? new JsonArray() : new JsonArray(new JsonObject { [char.IsLetter(address[0]) ? "hostname" : "ip"] = address }) } } },
        "status");

    /// <summary>Has the ingress controller take up a Secret for a host; the empty host stands for all others.</summary>
    public async Task TakeUpAsync(string secret, string? host = null)
    {
        Secret held = await World.SecretAsync(secret);
        Server.Serve(host ?? $"{secret}.example.com", Encoding.ASCII.GetString(held.Data!["tls.crt"]), Encoding.ASCII.GetString(held.Data["tls.key"]));
    }

    public async Task RotateAsync(string certificate)
    {
        World.Cluster.Patch(Certificate.Type, new ObjectKey("shop", certificate), new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [Annotations.Renew] = Time.GetUtcNow().ToString("O") } } });
        await World.SettleAsync();
    }

    /// <summary>Lets time pass, a step at a time, as it does: what is due in the middle is done then.</summary>
    /// <param name="span">How much.</param>
    /// <param name="step">At a time.</param>
    /// <param name="whileBusy">What happens while the operator waits for a peer.</param>
    public async Task PassAsync(TimeSpan span, TimeSpan? step = null, Action? whileBusy = null)
    {
        TimeSpan most = step ?? TimeSpan.FromSeconds(Math.Max(1, span.TotalSeconds / 20));
        for (TimeSpan left = span; left > TimeSpan.Zero; left -= most)
        {
            Time.Advance(left < most ? left : most);
            await World.SettleAsync(whileBusy: whileBusy);
        }
    }

    public async Task<Condition?> ServedAsync(string certificate) => Conditions.Find((await World.CertificateAsync(certificate)).Status?.Conditions, ConditionTypes.Served);

    public async Task<string> ReasonAsync(string certificate) => (await ServedAsync(certificate))?.Reason ?? "";

    /// <summary>Writes of the operator since the log was cleared.</summary>
    public IReadOnlyDictionary<string, int> Writes() => World.Cluster.Requests.Counts
        .Where(entry => entry.Key.Verb is not ("list" or "watch" or "get"))
        .ToDictionary(entry => $"{entry.Key.Verb} {entry.Key.Resource}{(entry.Key.Subresource.Length > 0 ? "/" : "")}{entry.Key.Subresource}", entry => entry.Value);

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await Server.DisposeAsync();
    }

    private Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancel)
    {
        LookedUp.Enqueue(name);
        return name == Name + "." ? Task.FromResult<IPAddress[]>([.. Addresses.Select(IPAddress.Parse)]) : throw new SocketException((int)SocketError.HostNotFound);
    }
}
