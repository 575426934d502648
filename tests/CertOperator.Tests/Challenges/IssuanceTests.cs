using System.Net;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Challenges.SelfChecks;
using CertOperator.Controllers;
using CertOperator.Issuers.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CertOperator.Challenges;

/// <summary>From a Certificate to its Secret, validated by an ACME server that really asks the operator's own ports.</summary>
public class IssuanceTests
{
    private static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task A_name_is_validated_over_http_through_an_ingress_that_is_gone_in_the_end()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(operatorOptions: Options(""));
        await using WebApplication server = ChallengeServer.Create(world.World.Operator.Challenges, AnyPort, null, world.Time, NullLoggerFactory.Instance);
        await server.StartAsync();
        world.Server.Behaviour.Validate = attempt => IsRouted(world, attempt)
            ? ChallengeChecks.HttpAsync(attempt, PortOf(server))
            : Task.FromResult<ValidationFailure?>(new ValidationFailure("unauthorized", "the ingress controller has no such rule", 404));
        world.World.Apply(world.Issuer().Replace("{http01: {route: External} }", "{http01: {ingress: {ingressClassName: nginx} } }", StringComparison.Ordinal));
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilReadyAsync("web");

        Assert.Single(world.Server.Issued);
        await world.UntilAsync("the solver Ingress is gone", () => Task.FromResult(Solvers(world).Count == 0));
        Assert.Equal(["create ingresses 1", "delete ingresses 1", "patch ingresses 1"], world.Writes().Where(write => write.Contains("ingresses", StringComparison.Ordinal)));
        await world.AssertTidyAsync("web");
    }

    [Fact]
    public async Task The_server_is_told_as_soon_as_the_rule_is_written()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(operatorOptions: Options(""));
        world.World.Apply(world.Issuer(more: "    selfCheck: \"Off\"").Replace("{http01: {route: External} }", "{http01: {ingress: {ingressClassName: nginx} } }", StringComparison.Ordinal));
        for (int look = 0; look < 2; look++)
        {
            await world.World.SettleAsync();
            world.Time.Advance(TimeSpan.FromSeconds(2));
        }

        await world.UntilAsync("the issuer is ready", async () => (await world.IssuerReadyAsync())?.Status == "True");
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));

        // The clock stands still: a wait would not end.
        await world.World.SettleAsync();

        Assert.Equal(1, world.Asked(AcmeEndpoint.Challenge));
    }

    [Fact]
    public async Task A_route_that_is_noted_late_has_nobody_asked_before_the_servers_time()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(more: "    selfCheck: \"Off\"", operatorOptions: Options(""));
        world.Server.Behaviour.Validate = null;
        world.Server.Behaviour.RetryAfter = "30";
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("the server was told", () => Task.FromResult(world.Asked(AcmeEndpoint.Challenge) == 1));
        int asked = world.Asked(AcmeEndpoint.Authorization);
        for (int look = 0; look < 4; look++)
        {
            world.Time.Advance(TimeSpan.FromSeconds(2));
            await world.World.SettleAsync();
        }

        Assert.Equal(asked, world.Asked(AcmeEndpoint.Authorization));
        await world.UntilReadyAsync("web");
    }

    [Fact]
    public async Task A_name_is_validated_in_a_handshake()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(isReady: false, operatorOptions: Options("") with { AnswersTlsAlpn = true });
        world.World.Apply(world.Issuer().Replace("{http01: {route: External} }", "{tlsAlpn01: {} }", StringComparison.Ordinal));
        await world.World.SettleAsync();
        await using WebApplication server = ChallengeServer.Create(world.World.Operator.Challenges, null, AnyPort, world.Time, NullLoggerFactory.Instance);
        await server.StartAsync();
        world.Server.Behaviour.Validate = attempt => ChallengeChecks.TlsAlpnAsync(attempt, PortOf(server));
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilReadyAsync("web");

        Assert.Single(world.Server.Issued);
    }

    [Fact]
    public async Task An_advisory_check_that_fails_is_told_and_holds_nothing_up_for_ever()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(operatorOptions: Options("www.example.org"));
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("the sentence is told", async () => (await world.StatusAsync("web")).Names?.Any(name => name.Reason?.Contains("does not resolve", StringComparison.Ordinal) == true) == true);
        world.Server.Behaviour.Validate = null;
        await world.UntilReadyAsync("web");

        Assert.Single(world.Server.Issued);
    }

    [Fact]
    public async Task What_the_check_found_is_told_when_the_ca_does_not_find_the_answer_either()
    {
        await using AcmeWorld world = await AcmeWorld.StartAsync(operatorOptions: Options("www.example.org"));
        world.Server.Behaviour.Validate = _ => Task.FromResult<ValidationFailure?>(new ValidationFailure("dns", "NXDOMAIN looking up A for web.example.com"));
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("it has failed", async () => (await world.StatusAsync("web")).LastFailure is not null);

        CertificateStatus status = await world.StatusAsync("web");
        Assert.Contains("NXDOMAIN", status.LastFailure, StringComparison.Ordinal);
        Assert.EndsWith("Before that the operator found: web.example.com does not resolve: create its A or AAAA record, or correct the name.", status.LastFailure, StringComparison.Ordinal);
        Assert.Contains("The operator found: web.example.com does not resolve", Assert.Single(status.Names!).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_required_check_has_nobody_asked_before_it_is_passed()
    {
        string known = "nothing.example.com";
        await using AcmeWorld world = await AcmeWorld.StartAsync(more: "    selfCheck: Required", operatorOptions: Options(() => known));
        world.Server.Behaviour.Validate = null;
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("the sentence is told", async () => (await world.StatusAsync("web")).Names?.Any(name => name.Reason?.Contains("does not resolve", StringComparison.Ordinal) == true) == true);
        for (int seconds = 0; seconds < 60; seconds += 5)
        {
            world.Time.Advance(TimeSpan.FromSeconds(5));
            await world.World.SettleAsync();
        }

        Assert.Empty(world.Server.Issued);
        known = "web.example.com";
        await world.UntilReadyAsync("web");
    }

    /// <summary>One name resolves, to a private address that is not asked.</summary>
    private static OperatorOptions Options(string but) => Options(() => but.Length == 0 ? "web.example.com" : but);

    private static OperatorOptions Options(Func<string> known) => new()
    {
        SelfCheck = new SelfCheckOptions
        {
            Resolve = (host, _) => host == $"{known()}."
                ? Task.FromResult(new[] { IPAddress.Parse("10.1.2.3") })
                : throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound),
        },
    };

    private static bool IsRouted(AcmeWorld world, ChallengeAttempt attempt) => Solvers(world).SelectMany(ingress => ingress["spec"]!["rules"]!.AsArray())
        .Any(rule => (string?)rule!["host"] == attempt.Identifier.Value && ((string)rule["http"]!["paths"]![0]!["path"]!).EndsWith(attempt.Token, StringComparison.Ordinal));

    private static IReadOnlyList<JsonObject> Solvers(AcmeWorld world) => world.World.Cluster.List(Ingress.Type, "cert-operator");

    private static int PortOf(WebApplication server)
        => new Uri(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
}
