using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Wire;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Client.Http;

namespace CertOperator.Challenges.Dns.Providers;

/// <summary>
/// A DNS webhook made for cert-manager: a server behind the API server's aggregation layer that takes a ChallengePayload
/// (<c>webhook.acme.cert-manager.io/v1alpha1</c>) at <c>/apis/GROUP/v1alpha1/SOLVER</c>. The operator's service account
/// needs the verb create on that resource, and the webhook reads its own Secrets.
/// <code>
/// webhook:
///   groupName: acme.example.com
///   solverName: my-dns
///   config: {…}
/// </code>
/// </summary>
internal sealed class WebhookProvider(DnsWebhookSpec spec, DnsProviderContext context) : IDnsProvider
{
    public Task AddAsync(TxtRecord record, CancellationToken cancel) => CallAsync("Present", record, cancel);

    public Task RemoveAsync(TxtRecord record, CancellationToken cancel) => CallAsync("CleanUp", record, cancel);

    private async Task CallAsync(string action, TxtRecord record, CancellationToken cancel)
    {
        if (context.Services.Post is not { } post)
            throw new DnsException("DNS webhooks are reached through the API server of a cluster, and here is none.");

        JsonObject answer;
        try
        {
            answer = await post(new ResourceType(spec.GroupName, "v1alpha1", "ChallengePayload", spec.SolverName, Namespaced: false), Payload(action, record), cancel);
        }
        catch (KubeException failure)
        {
            string remedy = failure.Failure switch
            {
                KubeFailure.NotFound => " Install the webhook, or correct groupName and solverName.",
                KubeFailure.Forbidden => $" Allow the operator's service account to create {spec.SolverName} in the API group {spec.GroupName}.",
                _ => "",
            };
            throw new DnsException($"The DNS webhook {spec.SolverName} did not take the challenge for {record.Domain}. {failure.Message}{remedy}", failure.RetryAfter);
        }

        if (answer["response"] is not JsonObject response || response["success"] is not JsonValue success || !success.TryGetValue(out bool isDone) || !isDone)
        {
            string why = (answer["response"]?["status"] as JsonObject)?["message"] is JsonValue message && message.TryGetValue(out string? said)
                ? ServerText.Clean(said, [])
                : "it gave no reason";
            throw new DnsException($"The DNS webhook {spec.SolverName} failed with the challenge for {record.Domain}: {why.TrimEnd('.')}. See its log.");
        }
    }

    private JsonObject Payload(string action, TxtRecord record) => new()
    {
        ["apiVersion"] = "webhook.acme.cert-manager.io/v1alpha1",
        ["kind"] = "ChallengePayload",
        ["request"] = new JsonObject
        {
            ["uid"] = Guid.NewGuid().ToString(),
            ["action"] = action,
            ["type"] = "dns-01",
            ["dnsName"] = record.Domain,
            ["key"] = record.Value,
            ["resourceNamespace"] = context.Secrets.Namespace,
            ["resolvedFQDN"] = record.Name + ".",
            ["resolvedZone"] = record.Zone + ".",
            ["allowAmbientCredentials"] = context.MayUseOwnIdentity,
            ["config"] = spec.Config?.DeepClone(),
        },
    };
}
