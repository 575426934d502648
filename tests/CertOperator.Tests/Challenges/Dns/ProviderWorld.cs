using System.Text;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Emulators;
using CertOperator.Challenges.Dns.Http;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.Objects;
using CertOperator.Secrets;

namespace CertOperator.Challenges.Dns;

/// <summary>A provider with the zone example.com, and an issuer in the namespace dns that has credentials for it.</summary>
internal sealed class ProviderWorld : IAsyncDisposable
{
    public const string Name = "_acme-challenge.example.com";

    private const string SomeCredential = "wrong-credential-0123456789abcdef";

    private readonly InMemoryKubeClient _client = new(new InMemoryCluster(TimeProvider.System, new InMemoryClusterOptions { CreateNamespaces = true }));
    private readonly IAsyncDisposable _server;

    private ProviderWorld(IAsyncDisposable server) => _server = server;

    public required Dns01Spec Spec { get; init; }

    public required DnsServices Services { get; init; }

    /// <summary>The values at <see cref="Name"/>, as the provider has them.</summary>
    public required Func<Task<IReadOnlyList<string>>> ValuesAsync { get; init; }

    /// <summary>Well-formed credentials that the provider does not know.</summary>
    public required string WrongCredential { get; init; }

    public DnsProviderContext Context => new(Services, new SecretValues(_client, "dns"), MayUseOwnIdentity: false);

    /// <summary>A namespace without credentials.</summary>
    public SecretValues ElsewhereSecrets => new(_client, "elsewhere");

    public IKubeClient Client => _client;

    public IDnsProvider Provider => DnsProviders.Create(Spec, Context);

    public static TxtRecord Record(string value) => new(Name, "example.com", value, "example.com");

    /// <summary>A world with an emulated provider.</summary>
    public static ProviderWorld Of(Emulator emulator, Dns01Spec spec, DnsServices services, string? wrongCredential = null)
        => new(emulator)
        {
            Spec = spec,
            Services = services,
            ValuesAsync = () => Task.FromResult(emulator.Records.Values(Name)),
            WrongCredential = wrongCredential ?? SomeCredential,
        };

    /// <summary>A world with a real server.</summary>
    public static ProviderWorld Of(IAsyncDisposable server, Dns01Spec spec, Func<string, Task<IReadOnlyList<string>>> texts, string? wrongCredential = null)
        => new(server)
        {
            Spec = spec,
            Services = NewServices(),
            ValuesAsync = () => texts(Name),
            WrongCredential = wrongCredential ?? SomeCredential,
        };

    public static DnsServices NewServices(
        CloudEndpoints? endpoints = null, Func<string, string?>? environment = null, int dnsPort = 53, PostToApiServer? post = null, PostToObject? postTo = null)
        => new(new EndpointGuard(allowLoopback: true), TimeProvider.System)
        {
            Endpoints = endpoints ?? new CloudEndpoints(),
            Environment = environment ?? (_ => null),
            DnsPort = dnsPort,
            Post = post,
            PostTo = postTo,
        };

    /// <summary>Stores the issuer's credentials: Secret "credentials", key "key".</summary>
    public async Task<ProviderWorld> WithCredentialAsync(string value)
    {
        var secret = new Secret
        {
            Metadata = new ObjectMeta { Name = "credentials", Namespace = "dns" },
            SecretType = "Opaque",
            Data = new Dictionary<string, byte[]> { ["key"] = Encoding.UTF8.GetBytes(value + "\n") },
        };
        await _client.ApplyAsync(secret, "test", force: true, CancellationToken.None);
        return this;
    }

    public static SecretKeyRef Credential { get; } = new() { Name = "credentials", Key = "key" };

    public async ValueTask DisposeAsync()
    {
        Services.Dispose();
        await _server.DisposeAsync();
    }
}
