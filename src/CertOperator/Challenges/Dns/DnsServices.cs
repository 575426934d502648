using System.Text.Json.Nodes;
using CertOperator.Challenges.Dns.Http;
using CertOperator.Runtime.Client;

namespace CertOperator.Challenges.Dns;

/// <summary>Posts JSON to an aggregated API and returns what it answers; fails as <see cref="IKubeClient"/> does.</summary>
internal delegate Task<JsonObject> PostToApiServer(ResourceType type, JsonObject content, CancellationToken cancel);

/// <summary>Posts JSON to a subresource of an object; fails as <see cref="IKubeClient"/> does.</summary>
internal delegate Task<JsonObject> PostToObject(ResourceType type, ObjectKey key, string subresource, JsonObject content, CancellationToken cancel);

/// <summary>What the providers share, once in the process.</summary>
internal sealed class DnsServices(EndpointGuard guard, TimeProvider time) : IDisposable
{
    public EndpointGuard Guard { get; } = guard;

    public ProviderHttp Http { get; } = new(guard, time);

    public TokenCache Tokens { get; } = new(time);

    public TimeProvider Time { get; } = time;

    public CloudEndpoints Endpoints { get; init; } = new();

    /// <summary>The variables of the operator's pod, where clouds leave its identity.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Reaches the webhooks that the API server serves; null where there is no API server.</summary>
    public PostToApiServer? Post { get; init; }

    /// <summary>Asks for tokens of service accounts; null where there is no API server.</summary>
    public PostToObject? PostTo { get; init; }

    /// <summary>The port of name servers.</summary>
    public int DnsPort { get; init; } = 53;

    public void Dispose() => Http.Dispose();
}

/// <summary>Where the clouds are.</summary>
internal sealed record CloudEndpoints
{
    public Uri Cloudflare { get; init; } = new("https://api.cloudflare.com/client/v4/");

    public Uri DigitalOcean { get; init; } = new("https://api.digitalocean.com/v2/");

    public Uri GoogleDns { get; init; } = new("https://dns.googleapis.com/dns/v1/");

    public Uri GoogleToken { get; init; } = new("https://oauth2.googleapis.com/token");

    public Uri GoogleMetadata { get; init; } = new("http://metadata.google.internal/computeMetadata/v1/");

    /// <summary>Azure's metadata service on the node.</summary>
    public Uri AzureMetadata { get; init; } = new("http://169.254.169.254/metadata/");

    /// <summary>Instead of the login and management addresses of the Azure environment.</summary>
    public Uri? Azure { get; init; }

    /// <summary>Instead of the addresses of the region's Route 53 and STS.</summary>
    public Uri? Aws { get; init; }
}
