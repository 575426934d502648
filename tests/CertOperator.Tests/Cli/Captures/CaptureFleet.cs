using CertOperator.Testing.Processes;

namespace CertOperator.Cli.Captures;

/// <summary>The cluster that the captures in the pages are of, forty days after its certificates were made; the clock stands still.</summary>
internal sealed class CaptureFleet : IAsyncDisposable
{
    private static readonly DateTimeOffset Made = CliRun.Now.AddDays(-40);

    // A renewal time of its own keeps what follows from the uid, which is new each time, out of the captures.
    private const string Manifests = """
        apiVersion: certoperator.io/v1
        kind: Issuer
        metadata: {name: bootstrap, namespace: shop}
        spec: {selfSigned: {}}
        ---
        apiVersion: certoperator.io/v1
        kind: Certificate
        metadata: {name: shop-root, namespace: shop}
        spec: {secretName: shop-root, issuerRef: {name: bootstrap}, commonName: Example Shop Root CA, isCA: true, duration: 87600h, renewBefore: 17520h}
        ---
        apiVersion: certoperator.io/v1
        kind: Issuer
        metadata: {name: shop-ca, namespace: shop}
        spec: {ca: {secretName: shop-root}}
        ---
        apiVersion: certoperator.io/v1
        kind: Certificate
        metadata: {name: shop-tls, namespace: shop}
        spec: {secretName: shop-tls, issuerRef: {name: shop-ca}, dnsNames: [shop.example.com, www.shop.example.com], renewBefore: 720h}
        ---
        apiVersion: certoperator.io/v1
        kind: Certificate
        metadata: {name: api-tls, namespace: shop}
        spec: {secretName: api-tls, issuerRef: {name: shop-ca}, dnsNames: [api.example.com], duration: 8760h, renewBefore: 2160h}
        ---
        apiVersion: certoperator.io/v1
        kind: Certificate
        metadata: {name: ledger, namespace: billing}
        spec: {secretName: ledger-tls, issuerRef: {name: company, kind: ClusterIssuer}, dnsNames: [ledger.example.com]}
        """;

    private readonly CliWorld _world;
    private readonly Inspect.TlsServer _server;

    private CaptureFleet(CliWorld world, Inspect.TlsServer server) => (_world, _server) = (world, server);

    public static async Task<CaptureFleet> StartAsync()
    {
        CliWorld world = await CliWorld.StartAsync(Manifests, new FakeTimeProvider(Made), new FakeTimeProvider(CliRun.Now));
        // Nothing changes while the captures are made.
        await world.World.StopAsync();
        foreach (string entry in (string[])["tls.crt", "tls.key", "ca.crt"])
            world.File(entry, await world.EntryAsync("shop-tls", entry));
        return new CaptureFleet(world, new Inspect.TlsServer(await world.EntryAsync("shop-tls", "tls.crt"), await world.EntryAsync("shop-tls", "tls.key")));
    }

    /// <summary>Runs a command as a page has it, after <c>cert-operator</c> or <c>kubectl cert</c>.</summary>
    public async Task<CommandResult> RunAsync(string words)
    {
        IEnumerable<string> arguments = words.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany<string, string>(word => word switch
        {
            "shop.example.com:443" => [_server.Address, "--sni", "shop.example.com"],
            "tls.crt" or "tls.key" or "ca.crt" => [Path.Combine(_world.Folder, word)],
            _ => [word],
        });
        Shell shell = CliRun.WithInput(await _world.EntryAsync("shop-tls", "tls.crt"), _world.Shell.Time);
        bool asksCluster = words.Split(' ')[0] is "status" or "renew" or "inspect";
        CommandResult result = await CliRun.RunAsync([.. arguments, .. asksCluster ? (string[])["--kubeconfig", _world.Kubeconfig] : []], shell);
        return result with { Output = Written(result.Output), Error = Written(result.Error) };
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _world.DisposeAsync();
    }

    private string Written(string text) => text.Replace(_world.Folder + "/", "", StringComparison.Ordinal).Replace(_server.Address, "shop.example.com:443", StringComparison.Ordinal);
}
