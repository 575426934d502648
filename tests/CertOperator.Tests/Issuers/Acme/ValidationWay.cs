using CertOperator.Api;
using CertOperator.Controllers;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Dns;

namespace CertOperator.Issuers.Acme;

/// <summary>How the names of Certificates are validated, with the operator's own solvers, and what that may leave behind.</summary>
internal abstract class ValidationWay : IAsyncDisposable
{
    public const string Http = "http-01";
    public const string Dns = "dns-01";
    public const string DnsAccount = "dns-account-01";

    /// <summary>In YAML.</summary>
    public abstract string Solver { get; }

    public static async Task<ValidationWay> StartAsync(string type)
        => type == Http ? new ByHttp() : new ByDns(await KnotServer.StartAsync(new DnsZone("example.com")), type);

    /// <summary>A world with an Issuer "acme" that validates so.</summary>
    public async Task<AcmeWorld> StartWorldAsync(bool isReady = false)
    {
        AcmeWorld world = await AcmeWorld.StartAsync(
            new FakeAcmeOptions { ChallengeTypes = [Http, Dns, DnsAccount] }, operatorOptions: new OperatorOptions(), solver: Solver, isReady: false, more: "    selfCheck: \"Off\"");
        world.Server.Behaviour.Validate = attempt => ValidateAsync(world, attempt);
        Prepare(world);
        if (isReady)
            await world.UntilAsync("the issuer is ready", async () => (await world.IssuerReadyAsync())?.Status == "True");
        return world;
    }

    /// <summary>What is still in place for any name.</summary>
    public abstract Task<IReadOnlyList<string>> LeftAsync(AcmeWorld world);

    public abstract ValueTask DisposeAsync();

    protected abstract Task<ValidationFailure?> ValidateAsync(AcmeWorld world, ChallengeAttempt attempt);

    protected virtual void Prepare(AcmeWorld world)
    {
    }

    /// <summary>By an Ingress in the operator's namespace, and the answer that the operator has for it.</summary>
    private sealed class ByHttp : ValidationWay
    {
        public override string Solver => "{http01: {ingress: {ingressClassName: nginx} } }";

        public override Task<IReadOnlyList<string>> LeftAsync(AcmeWorld world)
            => Task.FromResult<IReadOnlyList<string>>([.. world.World.Cluster.List(Ingress.Type, "cert-operator").Select(ingress => ingress.ToJsonString())]);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

        protected override async Task<ValidationFailure?> ValidateAsync(AcmeWorld world, ChallengeAttempt attempt)
        {
            bool isRouted = (await LeftAsync(world)).Any(ingress => ingress.Contains(attempt.Token, StringComparison.Ordinal));
            return isRouted && world.World.Operator.Challenges.KeyAuthorization(attempt.Identifier.Value, attempt.Token) == attempt.KeyAuthorization
                ? null
                : new ValidationFailure("unauthorized", "nothing answers for this token", 404);
        }
    }

    /// <summary>By a TXT record that a real name server takes by RFC 2136.</summary>
    private sealed class ByDns(KnotServer knot, string type) : ValidationWay
    {
        public override string Solver => $$"""
            {dns01: {challengeType: {{type}}, nameservers: ["{{knot.Endpoint}}"], rfc2136: {nameserver: "{{knot.Endpoint}}", tsigKeyName: {{knot.Sha256Key.Name}}, tsigAlgorithm: HMACSHA256, tsigSecretSecretRef: {name: dns}, protocol: TCP} } }
            """;

        public override async Task<IReadOnlyList<string>> LeftAsync(AcmeWorld world)
        {
            string[] labels = type == Dns ? [""] : [.. world.Server.Accounts.Select(account => $"{ChallengeChecks.AccountLabel(account)}.")];
            return [.. (await Task.WhenAll(labels.Select(label => knot.TextsAsync($"{label}_acme-challenge.web.example.com")))).SelectMany(texts => texts)];
        }

        public override ValueTask DisposeAsync() => knot.DisposeAsync();

        protected override Task<ValidationFailure?> ValidateAsync(AcmeWorld world, ChallengeAttempt attempt) => ChallengeChecks.DnsAsync(attempt, knot.Endpoint);

        protected override void Prepare(AcmeWorld world) => world.World.Apply($$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: dns, namespace: shop}
            type: Opaque
            data: {tsig-secret-key: {{Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(knot.Sha256Key.Secret))}} }
            """);
    }
}
