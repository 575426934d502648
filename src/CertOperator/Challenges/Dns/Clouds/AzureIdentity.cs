using System.Text;
using System.Text.Json;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Http;
using CertOperator.Challenges.Dns.Wire;

namespace CertOperator.Challenges.Dns.Clouds;

/// <summary>
/// Who calls Azure: a service principal with a client secret, else the operator's own identity: workload identity where the
/// pod has it, else the node's managed identity.
/// </summary>
internal sealed class AzureIdentity(AzureDnsSpec spec, DnsProviderContext context)
{
    private const string Provider = "Microsoft Entra ID";
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static readonly TimeSpan UsualLifetime = TimeSpan.FromHours(1);

    private readonly DnsServices _services = context.Services;

    private (string Login, string Management) Environment => spec.Environment switch
    {
        "AzureChinaCloud" => ("https://login.chinacloudapi.cn/", "https://management.chinacloudapi.cn/"),
        "AzureUSGovernmentCloud" => ("https://login.microsoftonline.us/", "https://management.usgovcloudapi.net/"),
        _ => ("https://login.microsoftonline.com/", "https://management.azure.com/"),
    };

    /// <summary>Where resources are managed.</summary>
    public Uri Management => _services.Endpoints.Azure ?? new Uri(Environment.Management);

    /// <summary>The bearer token for <see cref="Management"/>.</summary>
    /// <exception cref="DnsException">There are no credentials, or Azure refuses them.</exception>
    public async Task<string> GetAsync(CancellationToken cancel)
    {
        string scope = $"{Environment.Management}.default";
        if (spec is { ClientID: { } client, ClientSecretSecretRef: { } reference })
        {
            string secret = await context.Secrets.ReadAsync(reference, "client-secret", "the Azure client secret", cancel);
            string tenant = spec.TenantID ?? throw new DnsException("The azureDNS settings name a client secret but no tenantID: add it.");
            return await TokenAsync(["azure-secret", tenant, client, secret, scope], () => LoginAsync(tenant, client, scope, [("client_secret", secret)], cancel));
        }

        context.RequireOwnIdentity("azureDNS", "set tenantID, clientID and clientSecretSecretRef");
        if (_services.Environment("AZURE_FEDERATED_TOKEN_FILE") is { } file)
        {
            string own = spec.ManagedIdentity?.ClientID ?? _services.Environment("AZURE_CLIENT_ID") ?? throw Missing("AZURE_CLIENT_ID");
            string tenant = spec.ManagedIdentity?.TenantID ?? _services.Environment("AZURE_TENANT_ID") ?? throw Missing("AZURE_TENANT_ID");
            string assertion = await OwnFile.ReadAsync(file, cancel);
            return await TokenAsync(
                ["azure-workload", tenant, own, file, scope],
                () => LoginAsync(tenant, own, scope, [("client_assertion_type", AssertionType), ("client_assertion", assertion)], cancel));
        }

        return await TokenAsync(["azure-node", spec.ManagedIdentity?.ClientID ?? "", spec.ManagedIdentity?.ResourceID ?? "", scope], () => NodeAsync(cancel));
    }

    private async Task<string> TokenAsync(IReadOnlyList<string> identity, Func<Task<CloudCredentials>> fetch)
        => (await _services.Tokens.GetAsync(identity, fetch)).Token!;

    private async Task<CloudCredentials> LoginAsync(string tenant, string client, string scope, (string Name, string Value)[] proof, CancellationToken cancel)
    {
        (string Name, string Value)[] parameters = [("grant_type", "client_credentials"), ("client_id", client), ("scope", scope), .. proof];
        var login = new Uri(_services.Endpoints.Azure ?? new Uri(Environment.Login), $"{Uri.EscapeDataString(tenant)}/oauth2/v2.0/token");
        var request = new ProviderRequest(HttpMethod.Post, login)
        {
            Provider = Provider,
            Purpose = $"give a token to the application {client}",
            Secrets = [.. proof.Select(pair => pair.Value)],
            Body = Encoding.UTF8.GetBytes(string.Join('&', parameters.Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}"))),
            ContentType = "application/x-www-form-urlencoded",
        };
        return Read((await _services.Http.SendAsync(request, cancel)).Ensure("Check tenantID, clientID and the secret, or the federation of the operator's service account."));
    }

    private async Task<CloudCredentials> NodeAsync(CancellationToken cancel)
    {
        string identity = spec.ManagedIdentity switch
        {
            { ClientID: { } client } => $"&client_id={Uri.EscapeDataString(client)}",
            { ResourceID: { } resource } => $"&msi_res_id={Uri.EscapeDataString(resource)}",
            _ => "",
        };
        var url = new Uri(_services.Endpoints.AzureMetadata, $"identity/oauth2/token?api-version=2018-02-01&resource={Uri.EscapeDataString(Environment.Management)}{identity}");
        var request = new ProviderRequest(HttpMethod.Get, url) { Provider = "The node's Azure metadata service", Purpose = "give a token to the managed identity" };
        request.Headers["Metadata"] = "true";
        return Read((await _services.Http.SendAsync(request, cancel)).Ensure("Assign the managed identity to the nodes."));
    }

    private CloudCredentials Read(ProviderReply reply)
    {
        JsonElement json = reply.Json();
        TimeSpan lifetime = json.Number("expires_in") is > 0 and < 86_400 and var seconds ? TimeSpan.FromSeconds(seconds) : UsualLifetime;
        return json.Text("access_token") is { } token
            ? new CloudCredentials { Token = token, Expires = _services.Time.GetUtcNow() + lifetime }
            : throw reply.Failed("the answer holds none");
    }

    private static DnsException Missing(string variable)
        => new($"The operator's pod has an Azure identity token but no {variable}: label it for workload identity, or set managedIdentity.");
}
