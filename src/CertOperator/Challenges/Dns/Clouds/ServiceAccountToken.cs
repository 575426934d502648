using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Wire;
using CertOperator.Runtime.Client;

namespace CertOperator.Challenges.Dns.Clouds;

/// <summary>
/// A token of a service account (TokenRequest of authentication.k8s.io/v1), by which a cloud knows whose issuer it is. It lives for ten
/// minutes, the least that the API server gives, and is used at once.
/// </summary>
internal static class ServiceAccountToken
{
    private const int Seconds = 600;

    private static readonly ResourceType ServiceAccounts = new("", "v1", "ServiceAccount", "serviceaccounts", Namespaced: true);

    /// <exception cref="DnsException">There is no such account, or the operator may not ask for its tokens.</exception>
    public static async Task<string> RequestAsync(ServiceAccountRef reference, IReadOnlyList<string> usualAudiences, DnsProviderContext context, CancellationToken cancel)
    {
        if (context.Services.PostTo is not { } postTo)
            throw new DnsException("Tokens of service accounts come from the API server of a cluster, and here is none.");

        var account = new ObjectKey(context.Secrets.Namespace, reference.Name);
        IReadOnlyList<string> audiences = reference.Audiences is { Count: > 0 } own ? own : usualAudiences;
        var request = new JsonObject
        {
            ["apiVersion"] = "authentication.k8s.io/v1",
            ["kind"] = "TokenRequest",
            ["spec"] = new JsonObject { ["audiences"] = new JsonArray([.. audiences.Select(audience => (JsonNode)audience)]), ["expirationSeconds"] = Seconds },
        };
        try
        {
            JsonObject answer = await postTo(ServiceAccounts, account, "token", request, cancel);
            return (answer["status"] as JsonObject)?["token"] is JsonValue token && token.TryGetValue(out string? text) && text.Length > 0
                ? text
                : throw new DnsException($"The API server gave no token of the service account {account}.");
        }
        catch (KubeException failure)
        {
            string remedy = failure.Failure switch
            {
                KubeFailure.NotFound => "Create it, or correct serviceAccountRef.",
                KubeFailure.Forbidden => $"Allow the operator's service account to create serviceaccounts/token with the name {account.Name} in namespace {account.Namespace}.",
                _ => "It is tried again.",
            };
            throw new DnsException($"No token of the service account {account} is to be had. {failure.Message} {remedy}", failure.RetryAfter);
        }
    }
}
