using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Emulators;
using CertOperator.Challenges.Dns.Wire;
using CertOperator.Runtime.Client;
using CertOperator.Telemetry;

namespace CertOperator.Challenges.Dns.Providers;

public sealed class CloudflareProviderTests : CredentialedProviderContract
{
    private protected override async Task<ProviderWorld> StartAsync()
    {
        var emulator = await Emulator.StartAsync<CloudflareEmulator>();
        var spec = new Dns01Spec { Cloudflare = new CloudflareSpec { ApiTokenSecretRef = ProviderWorld.Credential } };
        return await ProviderWorld.Of(emulator, spec, ProviderWorld.NewServices(new CloudEndpoints { Cloudflare = emulator.Address })).WithCredentialAsync(CloudflareEmulator.Token);
    }
}

public sealed class DigitalOceanProviderTests : CredentialedProviderContract
{
    private protected override async Task<ProviderWorld> StartAsync()
    {
        var emulator = await Emulator.StartAsync<DigitalOceanEmulator>();
        var spec = new Dns01Spec { Digitalocean = new DigitalOceanSpec { TokenSecretRef = ProviderWorld.Credential } };
        return await ProviderWorld.Of(emulator, spec, ProviderWorld.NewServices(new CloudEndpoints { DigitalOcean = emulator.Address })).WithCredentialAsync(DigitalOceanEmulator.Token);
    }
}

public sealed class Route53ProviderTests : CredentialedProviderContract
{
    private AwsEmulator _emulator = null!;

    private protected override async Task<ProviderWorld> StartAsync()
    {
        _emulator = await Emulator.StartAsync<AwsEmulator>();
        return await ProviderWorld.Of(_emulator, Spec(role: null), ProviderWorld.NewServices(new CloudEndpoints { Aws = _emulator.Address })).WithCredentialAsync(AwsEmulator.Secret);
    }

    [Fact]
    public Task A_value_that_comes_between_reading_and_writing_is_kept() => Overtaking.IsKeptAsync(World, _emulator.Records);

    [Fact]
    public async Task A_role_is_assumed_and_its_keys_sign()
    {
        await DnsProviders.Create(Spec("arn:aws:iam::123456789012:role/dns"), World.Context).AddAsync(ProviderWorld.Record("ours"), Cancel);

        await AssertValuesAsync("ours");
        Assert.Equal([AwsEmulator.KeyId, AwsEmulator.RoleKeyId], _emulator.SeenKeys.Order());
    }

    [Fact]
    public async Task The_operators_own_web_identity_is_for_ClusterIssuers_only()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, AwsEmulator.WebToken, Cancel);
        var spec = new Dns01Spec { Route53 = new Route53Spec() };
        using DnsServices services = ProviderWorld.NewServices(
            new CloudEndpoints { Aws = _emulator.Address },
            name => name switch { "AWS_WEB_IDENTITY_TOKEN_FILE" => file, "AWS_ROLE_ARN" => "arn:aws:iam::123456789012:role/own", _ => null });
        var context = World.Context with { Services = services };

        var refused = await Assert.ThrowsAsync<DnsException>(() => DnsProviders.Create(spec, context).AddAsync(ProviderWorld.Record("ours"), Cancel));
        Assert.Contains("only a ClusterIssuer may use the operator's own identity", refused.Message, StringComparison.Ordinal);
        await AssertValuesAsync();

        await DnsProviders.Create(spec, context with { MayUseOwnIdentity = true }).AddAsync(ProviderWorld.Record("ours"), Cancel);
        await AssertValuesAsync("ours");
        File.Delete(file);
    }

    [Theory]
    [InlineData(null, "sts.amazonaws.com")]
    [InlineData("dns.example.com", "dns.example.com")]
    public async Task A_service_account_of_the_issuers_namespace_assumes_the_role_that_trusts_it(string? audience, string asked)
    {
        var requests = new List<string>();
        using DnsServices services = ProviderWorld.NewServices(new CloudEndpoints { Aws = _emulator.Address }, postTo: (type, key, subresource, content, _) =>
        {
            requests.Add($"{type}/{subresource} {key} {content["kind"]} {content["spec"]!["audiences"]![0]} {content["spec"]!["expirationSeconds"]}");
            return Task.FromResult(new JsonObject { ["status"] = new JsonObject { ["token"] = AwsEmulator.WebToken } });
        });
        IDnsProvider provider = DnsProviders.Create(OfAccount(audience), World.Context with { Services = services });
        await provider.AddAsync(ProviderWorld.Record("ours"), Cancel);
        await provider.AddAsync(ProviderWorld.Record("more"), Cancel);

        await AssertValuesAsync("more", "ours");
        Assert.Equal([$"serviceaccounts/token dns/dns-writer TokenRequest {asked} 600"], requests);
        Assert.Equal([AwsEmulator.RoleKeyId], _emulator.SeenKeys);
    }

    [Theory]
    [InlineData(KubeFailure.NotFound, "Create it, or correct serviceAccountRef.")]
    [InlineData(KubeFailure.Forbidden, "Allow the operator's service account to create serviceaccounts/token with the name dns-writer in namespace dns.")]
    public async Task A_token_that_is_not_to_be_had_is_told_with_what_to_do(KubeFailure failure, string remedy)
    {
        using DnsServices services = ProviderWorld.NewServices(
            new CloudEndpoints { Aws = _emulator.Address }, postTo: (_, _, _, _, _) => throw new KubeException(failure, "The API server refused."));

        var refused = await Assert.ThrowsAsync<DnsException>(() => DnsProviders.Create(OfAccount(null), World.Context with { Services = services }).AddAsync(ProviderWorld.Record("ours"), Cancel));

        Assert.Equal($"No token of the service account dns/dns-writer is to be had. The API server refused. {remedy}", refused.Message);
        await AssertValuesAsync();
    }

    private static Dns01Spec OfAccount(string? audience) => new()
    {
        Route53 = new Route53Spec
        {
            Role = "arn:aws:iam::123456789012:role/dns",
            Auth = new Route53AuthSpec
            {
                Kubernetes = new Route53KubernetesAuthSpec { ServiceAccountRef = new ServiceAccountRef { Name = "dns-writer", Audiences = audience is null ? null : [audience] } },
            },
        },
    };

    private static Dns01Spec Spec(string? role)
        => new() { Route53 = new Route53Spec { AccessKeyID = AwsEmulator.KeyId, SecretAccessKeySecretRef = ProviderWorld.Credential, Role = role } };
}

public sealed class AzureDnsProviderTests : CredentialedProviderContract
{
    private AzureEmulator _emulator = null!;

    private CloudEndpoints Endpoints => new() { Azure = _emulator.Address, AzureMetadata = new Uri(_emulator.Address, "metadata/") };

    private protected override async Task<ProviderWorld> StartAsync()
    {
        _emulator = await Emulator.StartAsync<AzureEmulator>();
        return await ProviderWorld.Of(_emulator, Spec("client", ProviderWorld.Credential), ProviderWorld.NewServices(Endpoints)).WithCredentialAsync(AzureEmulator.ClientSecret);
    }

    [Fact]
    public Task A_value_that_comes_between_reading_and_writing_is_kept() => Overtaking.IsKeptAsync(World, _emulator.Records);

    [Fact]
    public async Task The_operators_own_identity_is_the_workloads_else_the_nodes()
    {
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, AzureEmulator.Assertion, Cancel);
        string? Workload(string name) => name switch { "AZURE_FEDERATED_TOKEN_FILE" => file, "AZURE_CLIENT_ID" => "client", "AZURE_TENANT_ID" => "tenant", _ => null };
        using DnsServices workload = ProviderWorld.NewServices(Endpoints, Workload);
        using DnsServices node = ProviderWorld.NewServices(Endpoints);
        foreach (DnsServices services in (DnsServices[])[workload, node])
        {
            var context = World.Context with { Services = services, MayUseOwnIdentity = true };
            await DnsProviders.Create(Spec(null, null), context).AddAsync(ProviderWorld.Record(services == node ? "by-node" : "by-workload"), Cancel);
        }

        await AssertValuesAsync("by-workload", "by-node");
        File.Delete(file);
    }

    private static Dns01Spec Spec(string? client, SecretKeyRef? secret) => new()
    {
        AzureDNS = new AzureDnsSpec { SubscriptionID = "sub", ResourceGroupName = "dns", TenantID = "tenant", ClientID = client, ClientSecretSecretRef = secret },
    };
}

public sealed class CloudDnsProviderTests : CredentialedProviderContract
{
    private GoogleEmulator _emulator = null!;

    private protected override async Task<ProviderWorld> StartAsync()
    {
        _emulator = await Emulator.StartAsync<GoogleEmulator>();
        using var other = RSA.Create(2048);
        var spec = new Dns01Spec { CloudDNS = new CloudDnsSpec { Project = "shop", ServiceAccountSecretRef = ProviderWorld.Credential } };
        var endpoints = new CloudEndpoints
        {
            GoogleDns = _emulator.Address,
            GoogleToken = new Uri(_emulator.Address, "token"),
            GoogleMetadata = new Uri(_emulator.Address, "metadata/"),
        };
        return await ProviderWorld.Of(_emulator, spec, ProviderWorld.NewServices(endpoints), GoogleEmulator.KeyOf(other)).WithCredentialAsync(_emulator.Key);
    }

    [Fact]
    public Task A_value_that_comes_between_reading_and_writing_is_kept() => Overtaking.IsKeptAsync(World, _emulator.Records);

    [Fact]
    public async Task The_operators_own_identity_is_the_metadata_servers()
    {
        var spec = new Dns01Spec { CloudDNS = new CloudDnsSpec { Project = "shop" } };

        await DnsProviders.Create(spec, World.Context with { MayUseOwnIdentity = true }).AddAsync(ProviderWorld.Record("ours"), Cancel);

        await AssertValuesAsync("ours");
    }
}

public sealed class WebhookProviderTests : DnsProviderContract
{
    private WebhookEmulator _emulator = null!;

    private protected override async Task<ProviderWorld> StartAsync()
    {
        _emulator = await Emulator.StartAsync<WebhookEmulator>();
        var spec = new Dns01Spec
        {
            Webhook = new DnsWebhookSpec { GroupName = "acme.example.com", SolverName = "my-dns", Config = new JsonObject { ["zone"] = "z" } },
        };
        var client = new KubeClient(KubeConfig.For(_emulator.Address), Product.UserAgent, TimeProvider.System);
        return ProviderWorld.Of(_emulator, spec, ProviderWorld.NewServices(post: client.PostAsync));
    }

    [Fact]
    public async Task The_webhook_gets_what_cert_manager_would_send()
    {
        await World.Provider.AddAsync(ProviderWorld.Record("ours"), Cancel);

        var request = _emulator.LastRequest!;
        request.Remove("uid");
        Assert.Equal(
            """{"action":"Present","type":"dns-01","dnsName":"example.com","key":"ours","resourceNamespace":"dns","resolvedFQDN":"_acme-challenge.example.com.","resolvedZone":"example.com.","allowAmbientCredentials":false,"config":{"zone":"z"}}""",
            request.ToJsonString());
    }

    [Fact]
    public async Task What_the_webhook_says_of_a_failure_reaches_the_user()
    {
        var failed = await Assert.ThrowsAsync<DnsException>(() => World.Provider.AddAsync(ProviderWorld.Record("refused"), Cancel));

        Assert.Equal("The DNS webhook my-dns failed with the challenge for example.com: zone is locked. See its log.", failed.Message);
    }
}

internal static class Overtaking
{
    /// <summary>Another writer adds a value, and later removes it, while a provider is between reading and writing.</summary>
    public static async Task IsKeptAsync(ProviderWorld world, RecordSets records)
    {
        records.Overtake = () => records.Add(ProviderWorld.Name, "overtaker");
        await world.Provider.AddAsync(ProviderWorld.Record("ours"), CancellationToken.None);
        Assert.Equal(["overtaker", "ours"], records.Values(ProviderWorld.Name));

        records.Overtake = () => records.Remove(records.Find(ProviderWorld.Name)[0].Id);
        await world.Provider.RemoveAsync(ProviderWorld.Record("ours"), CancellationToken.None);
        Assert.Empty(records.Values(ProviderWorld.Name));
    }
}
