using System.ComponentModel;
using System.Text.Json.Nodes;
using CertOperator.Runtime.Schema;

namespace CertOperator.Api;

[KubeRule("has(self.tsigKeyName) == has(self.tsigSecretSecretRef)", Sentences.TsigKey)]
internal sealed record Rfc2136Spec
{
    [Description("The primary server, as host, host:port or [IPv6]:port; port 53 if absent.")]
    [KubeLength(261, Min = 1)]
    public required string Nameserver { get; init; }

    [Description("Name of the TSIG key; updates are not signed if absent.")]
    [KubeLength(255)]
    public string? TsigKeyName { get; init; }

    [Description("HMACSHA256 (the default), HMACSHA384, HMACSHA512 or HMACSHA1.")]
    [KubeEnum("HMACSHA256", "HMACSHA384", "HMACSHA512", "HMACSHA1")]
    public string? TsigAlgorithm { get; init; }

    [Description("Secret that holds the TSIG key in base64. The key of its data is tsig-secret-key if not named.")]
    public SecretKeyRef? TsigSecretSecretRef { get; init; }

    [Description("TCP or UDP (the default).")]
    [KubeEnum("TCP", "UDP")]
    public string? Protocol { get; init; }
}

[KubeRule("has(self.apiTokenSecretRef) != has(self.apiKeySecretRef)", Sentences.CloudflareCredentials)]
[KubeRule("!has(self.apiKeySecretRef) || has(self.email)", Sentences.CloudflareEmail)]
internal sealed record CloudflareSpec
{
    [Description("Account that an API key belongs to; not needed with a token.")]
    public string? Email { get; init; }

    [Description("Secret that holds an API token with Zone:Read and DNS:Edit. The key of its data is api-token if not named.")]
    public SecretKeyRef? ApiTokenSecretRef { get; init; }

    [Description("Secret that holds the global API key. The key of its data is api-key if not named. Prefer a token.")]
    public SecretKeyRef? ApiKeySecretRef { get; init; }
}

[KubeRule("!has(self.auth) || has(self.role)", Sentences.AuthRole)]
[KubeRule("!has(self.auth) || !has(self.secretAccessKeySecretRef)", Sentences.AuthOrKey)]
internal sealed record Route53Spec
{
    [Description("Region of the STS endpoint and of the signature; us-east-1 if absent.")]
    [KubePattern("^[a-z]{2}(-[a-z]+)+-[0-9]+$")]
    public string? Region { get; init; }

    [Description("The zone to write to; looked up by name if absent.")]
    [KubePattern("^(/hostedzone/)?[A-Za-z0-9]{1,32}$")]
    public string? HostedZoneID { get; init; }

    [Description("Identifier of an access key. Without one, the operator's own identity is used (ClusterIssuers only).")]
    public string? AccessKeyID { get; init; }

    [Description("Secret that holds the identifier of the access key. The key of its data is access-key-id if not named.")]
    public SecretKeyRef? AccessKeyIDSecretRef { get; init; }

    [Description("Secret that holds the secret access key. The key of its data is secret-access-key if not named.")]
    public SecretKeyRef? SecretAccessKeySecretRef { get; init; }

    [Description("ARN of a role to assume.")]
    [KubeLength(2048)]
    public string? Role { get; init; }

    [Description("Assumes the role as a service account of the issuer's namespace instead of by an access key.")]
    public Route53AuthSpec? Auth { get; init; }
}

internal sealed record Route53AuthSpec
{
    [Description("By a token of a service account, which the role trusts.")]
    public required Route53KubernetesAuthSpec Kubernetes { get; init; }
}

internal sealed record Route53KubernetesAuthSpec
{
    [Description("The service account; the operator must be allowed to create tokens of it.")]
    public required ServiceAccountRef ServiceAccountRef { get; init; }
}

internal sealed record ServiceAccountRef
{
    [Description("Its name; a ClusterIssuer's is in the operator's own namespace.")]
    [KubeLength(253, Min = 1)]
    public required string Name { get; init; }

    [Description("Who the token is for; sts.amazonaws.com if absent.")]
    [KubeItems(8)]
    public IReadOnlyList<string>? Audiences { get; init; }
}

internal sealed record AzureDnsSpec
{
    [Description("Subscription of the zone.")]
    public required string SubscriptionID { get; init; }

    [Description("Resource group of the zone.")]
    public required string ResourceGroupName { get; init; }

    [Description("Name of the zone; looked up by DNS if absent.")]
    public string? HostedZoneName { get; init; }

    [Description("AzurePublicZone (the default) or AzurePrivateZone.")]
    [KubeEnum("AzurePublicZone", "AzurePrivateZone")]
    public string? ZoneType { get; init; }

    [Description("AzurePublicCloud (the default), AzureChinaCloud or AzureUSGovernmentCloud.")]
    [KubeEnum("AzurePublicCloud", "AzureChinaCloud", "AzureUSGovernmentCloud")]
    public string? Environment { get; init; }

    [Description("Tenant of the service principal.")]
    public string? TenantID { get; init; }

    [Description("Application of the service principal. Without one, the operator's own identity is used (ClusterIssuers only).")]
    public string? ClientID { get; init; }

    [Description("Secret that holds the client secret. The key of its data is client-secret if not named.")]
    public SecretKeyRef? ClientSecretSecretRef { get; init; }

    [Description("The managed identity to use, where the operator has several.")]
    public ManagedIdentitySpec? ManagedIdentity { get; init; }
}

[KubeRule("!(has(self.clientID) && has(self.resourceID))", Sentences.ManagedIdentity)]
internal sealed record ManagedIdentitySpec
{
    [Description("Its client.")]
    public string? ClientID { get; init; }

    [Description("Its resource; not with workload identity.")]
    public string? ResourceID { get; init; }

    [Description("Its tenant; with workload identity only.")]
    public string? TenantID { get; init; }
}

internal sealed record CloudDnsSpec
{
    [Description("Project of the zone.")]
    public required string Project { get; init; }

    [Description("Name of the managed zone; looked up by DNS name if absent.")]
    public string? HostedZoneName { get; init; }

    [Description("Secret that holds a service account's JSON key. The key of its data is key.json if not named. Without one, the operator's own identity is used (ClusterIssuers only).")]
    public SecretKeyRef? ServiceAccountSecretRef { get; init; }
}

internal sealed record DigitalOceanSpec
{
    [Description("Secret that holds an API token with write access to the domain. The key of its data is access-token if not named.")]
    public required SecretKeyRef TokenSecretRef { get; init; }
}

internal sealed record AcmeDnsSpec
{
    [Description("URL of the server.")]
    [KubeLength(2048, Min = 1)]
    public required string Host { get; init; }

    [Description("Secret that holds the accounts as JSON: domain to {username, password, fulldomain, subdomain}. The key of its data is acmedns.json if not named.")]
    public required SecretKeyRef AccountSecretRef { get; init; }
}

internal sealed record PowerDnsSpec
{
    [Description("URL of the server, for example https://dns.example.com:8081.")]
    [KubeLength(2048, Min = 1)]
    public required string Host { get; init; }

    [Description("Name of the server at its own API; localhost if absent.")]
    [KubeLength(253)]
    public string? ServerID { get; init; }

    [Description("Secret that holds the API key. The key of its data is api-key if not named.")]
    public required SecretKeyRef ApiKeySecretRef { get; init; }

    [Description("PEM of the CA certificates, base64, that the server's TLS certificate must lead to; the system's if absent.")]
    public byte[]? CaBundle { get; init; }
}

internal sealed record DnsWebhookSpec
{
    [Description("API group that the webhook serves.")]
    [KubePattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    [KubeLength(253, Min = 1)]
    public required string GroupName { get; init; }

    [Description("Name of the solver in that group.")]
    [KubePattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")]
    [KubeLength(253, Min = 1)]
    public required string SolverName { get; init; }

    [Description("The webhook's own settings; see its documentation.")]
    [KubePreserveUnknown]
    public JsonObject? Config { get; init; }
}
