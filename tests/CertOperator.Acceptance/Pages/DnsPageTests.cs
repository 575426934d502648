using System.Buffers.Text;
using System.Text.Json.Nodes;
using CertOperator.Acceptance.Acme;
using CertOperator.Api;
using CertOperator.Challenges.Dns;
using CertOperator.Challenges.Dns.Clouds;
using CertOperator.Challenges.Dns.Http;
using CertOperator.Challenges.Dns.Wire;
using CertOperator.Runtime.Client;
using CertOperator.Secrets;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Pages;

/// <summary>What dns.md has commands for: the label of an account, and the right to ask for tokens of one service account.</summary>
[Collection(OperatorTestGroup.Name)]
public sealed class DnsPageTests(OperatorFixture fixture)
{
    private static readonly ServiceAccountRef Account = new() { Name = "dns" };

    [Fact, RunsPage("docs/dns.md")]
    public async Task The_commands_tell_the_label_and_grant_the_tokens_of_one_account()
    {
        OperatorInstallation installation = await fixture.GetAsync();
        await using AcmeNamespace acme = await AcmeNamespace.CreateAsync(installation);
        await using PebbleServer pebble = await PebbleServer.StartAsync();
        await using OperatorProcess certOperator = await installation.StartAsync();
        await acme.AddIssuerAsync("letsencrypt", pebble, "{dns01: {challengeType: dns-account-01, digitalocean: {tokenSecretRef: {name: dns} } } }", kind: "ClusterIssuer");
        JsonNode account = await Eventually.GetAsync("the account is there", async () =>
            (await acme.Cluster.Admin.GetAsync("/apis/certoperator.io/v1/clusterissuers/letsencrypt"))["status"]?["acme"]);
        await acme.Cluster.TokenAsync(acme.Name, Account.Name);
        await acme.Cluster.TokenAsync(acme.Name, "another");
        using var caller = new KubeClient(KubeConfig.FromFiles([await acme.Cluster.ServiceAccountKubeconfigAsync(acme.Name, "caller")], null), "tests", TimeProvider.System);
        var before = await Assert.ThrowsAsync<DnsException>(() => RequestAsync(caller, acme.Name, Account));
        Assert.EndsWith($"Allow the operator's service account to create serviceaccounts/token with the name dns in namespace {acme.Name}.", before.Message, StringComparison.Ordinal);

        IReadOnlyList<string> printed = await new ShellPage(acme.Cluster.Folder, acme.Cluster)
        {
            Replaced = new Dictionary<string, string>
            {
                [" -n shop"] = $" -n {acme.Name}",
                ["--serviceaccount=cert-operator:cert-operator"] = $"--serviceaccount={acme.Name}:caller",
            },
        }.RunAsync();

        Assert.Contains(ChallengeChecks.AccountLabel(new Uri((string)account["uri"]!)), printed);
        JsonNode claims = await Eventually.GetAsync("the right is in force", async () => await TryAsync(caller, acme.Name));
        Assert.Equal($"system:serviceaccount:{acme.Name}:dns", (string?)claims["sub"]);
        Assert.Equal("sts.amazonaws.com", (string?)Assert.Single(claims["aud"]!.AsArray()));
        Assert.Equal(600, (long)claims["exp"]! - (long)claims["iat"]!);
        await Assert.ThrowsAsync<DnsException>(() => RequestAsync(caller, acme.Name, new ServiceAccountRef { Name = "another" }));
    }

    /// <summary>The claims of a token; null while it is refused.</summary>
    private static async Task<JsonNode?> TryAsync(KubeClient caller, string ns)
    {
        try
        {
            string token = await RequestAsync(caller, ns, Account);
            return JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));
        }
        catch (DnsException)
        {
            return null;
        }
    }

    private static async Task<string> RequestAsync(KubeClient caller, string ns, ServiceAccountRef account)
    {
        using var services = new DnsServices(new EndpointGuard(allowLoopback: false), TimeProvider.System) { PostTo = caller.PostToAsync };
        return await ServiceAccountToken.RequestAsync(account, ["sts.amazonaws.com"], new DnsProviderContext(services, new SecretValues(caller, ns), MayUseOwnIdentity: false), CancellationToken.None);
    }
}
