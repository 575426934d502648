using CertOperator.Controllers;
using CertOperator.Testing.Api;
using CertOperator.Testing.Processes;

namespace CertOperator.Cli;

/// <summary>A world at a real URL, with a kubeconfig whose context has the namespace shop, and commands on it.</summary>
internal sealed class CliWorld : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cert-operator-cli-");
    private readonly FakeApiServer _server;

    private CliWorld(World world, FakeApiServer server)
    {
        World = world;
        _server = server;
        Kubeconfig = WriteKubeconfig("config", server.Address);
    }

    public World World { get; }

    public string Kubeconfig { get; }

    /// <summary>Around the commands.</summary>
    public Shell Shell { get; init; } = new();

    public string Folder => _folder.FullName;

    public static async Task<CliWorld> StartAsync(string yaml = "", TimeProvider? operatorTime = null, TimeProvider? time = null)
    {
        var world = new World(time: operatorTime);
        if (yaml.Length > 0)
        {
            world.Apply(yaml);
            await world.SettleAsync();
        }

        return new CliWorld(world, await FakeApiServer.StartAsync(world.Cluster)) { Shell = new Shell { Time = time ?? TimeProvider.System } };
    }

    public Task<CommandResult> RunAsync(params string[] arguments) => CliRun.RunAsync([.. arguments, "--kubeconfig", Kubeconfig], Shell);

    public string File(string name, string content)
    {
        string path = Path.Combine(Folder, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    public string WriteKubeconfig(string name, Uri server) => File(name, $$"""
        apiVersion: v1
        kind: Config
        current-context: test
        contexts: [{name: test, context: {cluster: test, user: test, namespace: shop} }]
        clusters: [{name: test, cluster: {server: '{{server.GetLeftPart(UriPartial.Authority)}}'} }]
        users: [{name: test, user: {token: test} }]
        """);

    /// <summary>An entry of a Secret of namespace shop, as text.</summary>
    public async Task<string> EntryAsync(string secret, string entry)
        => System.Text.Encoding.UTF8.GetString((await World.SecretAsync(secret)).Data![entry]);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await World.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
