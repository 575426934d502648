using System.Diagnostics;
using CertOperator.Acme.Challenges;
using CertOperator.Api;
using CertOperator.Challenges.SelfChecks;
using CertOperator.Runtime.Caching;
using CertOperator.Telemetry;

namespace CertOperator.Challenges.Http;

/// <summary>
/// HTTP-01 (RFC 8555, 8.3). What sends the CA's requests here follows from the statuses of Certificates and is written elsewhere;
/// this tells whether it is there, and whether the answer can be seen.
/// </summary>
internal sealed class Http01Solver(RouteTable routes, ObjectStore<Ingress> ingresses, SelfCheck selfCheck, Http01Options options, TimeProvider time) : IChallengeSolver
{
    /// <summary>The route is written about once a second, and tells when it is; this is for the case that nobody hears it.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan CheckAgain = TimeSpan.FromSeconds(5);

    /// <summary>Ingress controllers take some seconds to put a rule in force. After that an advisory check has had its say.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<Presentation> PresentAsync(ChallengeTask challenge, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        var id = new ChallengeId(challenge.Certificate, OpenChallenges.Canonical(challenge.Challenge.Identifier.Value), challenge.Challenge.Token ?? "");
        if (StateOf(id, challenge.Solver, now) is not { } state)
            return new Presentation.NotYet(now + Soon, "The way of the CA's requests to the operator is being prepared.");
        if (state.Problem is { } problem)
            return new Presentation.NotYet(now + CheckAgain, problem);

        string mode = challenge.Issuer.Spec?.Acme?.SelfCheck ?? "Advisory";
        string? found = mode == "Off" ? null : await CheckAsync(Question(challenge, id, state.Route), cancel);
        if (found is null)
            return new Presentation.InPlace(Unused(challenge));
        return mode == "Required" || now - state.Since < Patience
            ? new Presentation.NotYet(now + CheckAgain, found)
            : new Presentation.InPlace(found);
    }

    private async Task<string?> CheckAsync(SelfCheckQuestion question, CancellationToken cancel)
    {
        using Activity? step = IssuanceTrace.Step("self-check");
        string? found = await selfCheck.RunAsync(question, cancel);
        step?.SetTag("certoperator.seen", found is null);
        return found;
    }

    /// <summary>It ends with the challenge in status.</summary>
    public Task<bool> RemoveAsync(ChallengeTask challenge, CancellationToken cancel) => Task.FromResult(true);

    /// <summary>Null while the way is not there. For one that somebody else sees to there is nothing to wait for.</summary>
    private RouteState? StateOf(ChallengeId id, AcmeSolverSpec solver, DateTimeOffset now)
        => routes.Find(id) ?? (RoutePlanner.RouteOf(solver) == RoutePlanner.External ? new RouteState(Route.External, null, now) : null);

    private SelfCheckQuestion Question(ChallengeTask challenge, ChallengeId id, Route route)
    {
        var answer = Http01.Of(id.Token, challenge.Account.Thumbprint);
        IngressAddress[] addresses = route.Type == Ingress.Type ? [.. ingresses.Find(route.Object)?.Status?.LoadBalancer?.Ingress ?? []] : [];
        string sent = route.Type is null ? "this host" : $"the {route.Type.Kind} {route.Object}{(route.ClassName is { } name ? $" of class \"{name}\"" : "")}";
        return new SelfCheckQuestion(
            id.Name, answer.Path, answer.Body, [.. addresses.Select(address => address.Ip ?? address.Hostname).OfType<string>()], sent, $"{options.Namespace}/{options.ServiceName}");
    }

    private static string? Unused(ChallengeTask challenge)
        => challenge.Issuer is Issuer && RoutePlanner.RouteOf(challenge.Solver) == RoutePlanner.Shared && challenge.Solver.Http01?.Ingress?.IngressTemplate is not null
            ? $"The ingressTemplate of Issuer {challenge.Issuer.Metadata.Name} is not used: an Issuer's applies with http01.route InNamespace only."
            : null;
}
