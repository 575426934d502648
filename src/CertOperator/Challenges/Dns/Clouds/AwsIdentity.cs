using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Http;
using CertOperator.Challenges.Dns.Wire;

namespace CertOperator.Challenges.Dns.Clouds;

/// <summary>
/// Who calls AWS: a service account of the issuer's namespace by a role that trusts it; an access key from a Secret; else the operator's own
/// identity (a web identity token of its service account, or EKS Pod Identity); and from there, if asked for, a role.
/// </summary>
internal sealed class AwsIdentity(Route53Spec spec, DnsProviderContext context)
{
    private const string Provider = "AWS STS";
    private const string Version = "2011-06-15";
    private const string SessionName = "cert-operator";

    private static readonly string[] Audiences = ["sts.amazonaws.com"];

    private readonly DnsServices _services = context.Services;

    public string Region => spec.Region ?? _services.Environment("AWS_REGION") ?? "us-east-1";

    /// <exception cref="DnsException">There are no credentials, or AWS refuses them.</exception>
    public async Task<CloudCredentials> GetAsync(CancellationToken cancel)
    {
        if (spec is { Auth.Kubernetes.ServiceAccountRef: { } account, Role: { } trusting })
        {
            string[] whose = ["aws-account", context.Secrets.Namespace, account.Name, string.Join(' ', account.Audiences ?? []), Region, trusting];
            return await _services.Tokens.GetAsync(
                whose, async () => await AssumeWithTokenAsync(await ServiceAccountToken.RequestAsync(account, Audiences, context, cancel), trusting, cancel));
        }

        (CloudCredentials credentials, string identity) = await BaseAsync(cancel);
        return spec.Role is { } role
            ? await _services.Tokens.GetAsync(["aws-role", identity, Region, role], () => AssumeAsync(credentials, role, cancel))
            : credentials;
    }

    private async Task<(CloudCredentials Credentials, string Identity)> BaseAsync(CancellationToken cancel)
    {
        if (spec.SecretAccessKeySecretRef is { } reference)
        {
            string secret = await context.Secrets.ReadAsync(reference, "secret-access-key", "the AWS secret access key", cancel);
            string id = spec.AccessKeyID
                ?? (spec.AccessKeyIDSecretRef is { } idReference
                    ? await context.Secrets.ReadAsync(idReference, "access-key-id", "the AWS access key identifier", cancel)
                    : throw new DnsException("The route53 settings name a secret access key but no accessKeyID: add accessKeyID or accessKeyIDSecretRef."));
            return (new CloudCredentials { AccessKeyId = id, SecretAccessKey = secret, Expires = DateTimeOffset.MaxValue }, $"{id}\n{secret}");
        }

        context.RequireOwnIdentity("route53", "set accessKeyID and secretAccessKeySecretRef");
        if (_services.Environment("AWS_WEB_IDENTITY_TOKEN_FILE") is { } file && _services.Environment("AWS_ROLE_ARN") is { } role)
            return (await _services.Tokens.GetAsync(["aws-web", file, role, Region], async () => await AssumeWithTokenAsync(await OwnFile.ReadAsync(file, cancel), role, cancel)), $"web {role}");
        if (_services.Environment("AWS_CONTAINER_CREDENTIALS_FULL_URI") is { } uri && _services.Environment("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE") is { } tokenFile)
            return (await _services.Tokens.GetAsync(["aws-pod", uri], () => PodIdentityAsync(new Uri(uri), tokenFile, cancel)), $"pod {uri}");
        throw new DnsException("The operator's pod has no AWS identity: annotate its service account with a role, or set accessKeyID and secretAccessKeySecretRef.");
    }

    private async Task<CloudCredentials> AssumeAsync(CloudCredentials own, string role, CancellationToken cancel)
    {
        ProviderRequest request = Sts(("Action", "AssumeRole"), ("RoleArn", role), ("RoleSessionName", SessionName));
        AwsSignature.Sign(request, own, Region, "sts", _services.Time.GetUtcNow());
        return Read((await _services.Http.SendAsync(request, cancel)).Ensure($"Check that the identity may assume {role}, and that the role trusts it."));
    }

    private async Task<CloudCredentials> AssumeWithTokenAsync(string token, string role, CancellationToken cancel)
    {
        ProviderRequest request = Sts(
            ("Action", "AssumeRoleWithWebIdentity"), ("RoleArn", role), ("RoleSessionName", SessionName), ("WebIdentityToken", token));
        return Read((await _services.Http.SendAsync(request, cancel)).Ensure($"Check that {role} trusts the cluster's service accounts."));
    }

    private async Task<CloudCredentials> PodIdentityAsync(Uri url, string tokenFile, CancellationToken cancel)
    {
        string token = await OwnFile.ReadAsync(tokenFile, cancel);
        var request = new ProviderRequest(HttpMethod.Get, url) { Provider = "EKS Pod Identity", Purpose = "give credentials", Secrets = [token] };
        request.Headers["Authorization"] = token;
        ProviderReply reply = await _services.Http.SendAsync(request, cancel);
        JsonElement json = reply.Ensure("Check the pod identity association of the operator's service account.").Json();
        return Credentials(reply, json.Text("AccessKeyId"), json.Text("SecretAccessKey"), json.Text("Token"), json.Text("Expiration"));
    }

    private ProviderRequest Sts(params (string Name, string Value)[] parameters)
    {
        string form = string.Join('&', parameters.Append(("Version", Version)).Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2)}"));
        string domain = Region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com";
        return new ProviderRequest(HttpMethod.Post, _services.Endpoints.Aws ?? new Uri($"https://sts.{Region}.{domain}/"))
        {
            Provider = Provider,
            Purpose = "give credentials",
            Secrets = [.. parameters.Where(pair => pair.Name == "WebIdentityToken").Select(pair => pair.Value)],
            Body = Encoding.UTF8.GetBytes(form),
            ContentType = "application/x-www-form-urlencoded",
        };
    }

    private static CloudCredentials Read(ProviderReply reply)
    {
        XElement? found = reply.Xml().Descendants().FirstOrDefault(element => element.Name.LocalName == "Credentials");
        return Credentials(reply, Value("AccessKeyId"), Value("SecretAccessKey"), Value("SessionToken"), Value("Expiration"));

        string? Value(string name) => found?.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
    }

    private static CloudCredentials Credentials(ProviderReply reply, string? id, string? secret, string? token, string? expires)
        => id is not null && secret is not null && token is not null
            && DateTimeOffset.TryParse(expires, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset end)
            ? new CloudCredentials { AccessKeyId = id, SecretAccessKey = secret, Token = token, Expires = end }
            : throw reply.Failed("the answer holds none");
}
