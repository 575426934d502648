using System.Text.Json.Nodes;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Dns;
using CertOperator.Testing.Ingress;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance;

/// <summary>How the names of an <see cref="AcmeCrashWorld"/> are validated, by real parts, and what that may leave behind.</summary>
internal abstract class AcmeCrashWay : IAsyncDisposable
{
    /// <summary>Of the Issuer.</summary>
    public abstract JsonObject Solver { get; }

    /// <summary>The Secret that the solver names, with its one entry; null if it needs none.</summary>
    public virtual (string Name, string Entry, string Value)? Secret => null;

    public static async Task<AcmeCrashWay> ByDnsAsync() => new Dns(await KnotServer.StartAsync(new DnsZone("example.com")));

    public static async Task<AcmeCrashWay> ByHttpAsync(OperatorInstallation installation)
    {
        int port = FreePorts.Take(1)[0];
        await installation.Cluster.ApplyAsync(Manifests.OperatorService(port));
        return new Http(installation, await NginxIngress.StartAsync(installation.Cluster, OperatorInstallation.Namespace), port);
    }

    public virtual Task<OperatorProcess> StartOperatorAsync(OperatorInstallation installation, ApiProxy proxy) => installation.StartAsync(proxy: proxy);

    /// <summary>As the CA does it.</summary>
    public abstract Task<ValidationFailure?> ValidateAsync(ChallengeAttempt attempt);

    /// <summary>Nothing is in place any more.</summary>
    public abstract Task<bool> IsTidyAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>By a record of a real name server, by signed updates.</summary>
    private sealed class Dns(KnotServer knot) : AcmeCrashWay
    {
        public override JsonObject Solver => new()
        {
            ["dns01"] = new JsonObject
            {
                ["nameservers"] = new JsonArray(knot.Endpoint.ToString()),
                ["rfc2136"] = new JsonObject
                {
                    ["nameserver"] = knot.Endpoint.ToString(),
                    ["tsigKeyName"] = knot.Sha256Key.Name,
                    ["tsigAlgorithm"] = "HMACSHA256",
                    ["tsigSecretSecretRef"] = new JsonObject { ["name"] = "dns" },
                },
            },
        };

        public override (string Name, string Entry, string Value)? Secret => ("dns", "tsig-secret-key", knot.Sha256Key.Secret);

        public override Task<ValidationFailure?> ValidateAsync(ChallengeAttempt attempt) => ChallengeChecks.DnsAsync(attempt, knot.Endpoint);

        public override async Task<bool> IsTidyAsync() => (await knot.TextsAsync("_acme-challenge.web.example.com")).Count == 0;

        public override ValueTask DisposeAsync() => knot.DisposeAsync();
    }

    /// <summary>Through nginx, by a rule of the solver Ingress.</summary>
    private sealed class Http(OperatorInstallation installation, NginxIngress nginx, int port) : AcmeCrashWay
    {
        private readonly string _ingresses = $"/apis/networking.k8s.io/v1/namespaces/{OperatorInstallation.Namespace}/ingresses";

        public override JsonObject Solver => new() { ["http01"] = new JsonObject { ["ingress"] = new JsonObject { ["ingressClassName"] = "nginx" } } };

        public override Task<OperatorProcess> StartOperatorAsync(OperatorInstallation installation, ApiProxy proxy)
        {
            proxy.BeforeAnswers(resource => resource == "ingresses" ? nginx.SyncAsync() : Task.CompletedTask);
            return installation.StartAsync(proxy: proxy, acmePort: port);
        }

        public override Task<ValidationFailure?> ValidateAsync(ChallengeAttempt attempt) => ChallengeChecks.HttpAsync(attempt, nginx.HttpPort);

        public override async Task<bool> IsTidyAsync() => (await installation.Cluster.Admin.ListAsync(_ingresses)).Count == 0;

        public override async ValueTask DisposeAsync()
        {
            await nginx.DisposeAsync();
            await installation.Cluster.Admin.DeleteAsync($"/api/v1/namespaces/{OperatorInstallation.Namespace}/services/cert-operator");
        }
    }
}
