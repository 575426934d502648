using CertOperator.Controllers;
using CertOperator.Runtime.Objects;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Issuers.Acme;

/// <summary>dns-account-01, where the CA offers it, and where it does not. How its record goes is in <see cref="LeftoverTests"/>.</summary>
public class DnsAccountTests
{
    [Fact]
    public async Task The_issuer_tells_the_label_of_its_account_where_a_solver_needs_it()
    {
        await using ValidationWay way = await ValidationWay.StartAsync(ValidationWay.DnsAccount);
        await using AcmeWorld world = await way.StartWorldAsync(isReady: true);
        Assert.Equal(ChallengeChecks.AccountLabel(world.Server.Accounts.Single()), (await world.IssuerAsync()).Status!.Acme!.DnsLabel);

        world.World.Apply(world.Issuer());
        await world.UntilAsync("it is told no more", async () => (await world.IssuerAsync()).Status!.Acme!.DnsLabel is null);
    }

    [Fact]
    public async Task A_CA_that_does_not_offer_it_is_told_of_at_once_and_not_asked_again()
    {
        await using AcmeWorld world = await StartAsync(Solver("dns-account-01"));
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilAsync("it is told", async () => (await world.StatusAsync("web")).LastFailure is not null);

        Condition ready = await world.World.ReadyAsync("web");
        Assert.Equal(FailureReport.NoSolver, ready.Reason);
        Assert.Equal(
            "web.example.com cannot be validated: the CA offers http-01, dns-01, and the issuer has solvers for dns-account-01. Add a solver to the issuer.", ready.Message);
        world.Time.Advance(TimeSpan.FromHours(1));
        await world.World.SettleAsync();
        Assert.Equal(1, world.Asked(AcmeEndpoint.NewOrder));
        Assert.Null((await world.StatusAsync("web")).Issuance);
        Assert.DoesNotContain("certoperator.io/pending-key", world.SecretTypes());
    }

    [Fact]
    public async Task The_next_solver_that_fits_the_name_validates_it_then()
    {
        await using AcmeWorld world = await StartAsync($"{Solver("dns-account-01")}, {{http01: {{route: External}} }}");
        world.World.Apply(Samples.Certificate("web", issuer: "acme"));
        await world.UntilReadyAsync("web");

        Assert.Single(world.Server.Issued);
        Assert.Equal(1, world.Asked(AcmeEndpoint.NewOrder));
    }

    /// <summary>A CA that offers no dns-account-01; the test answers what it offers.</summary>
    private static Task<AcmeWorld> StartAsync(string solvers) => AcmeWorld.StartAsync(new FakeAcmeOptions { ChallengeTypes = ["http-01", "dns-01"] }, solver: solvers);

    private static string Solver(string type) => $"{{dns01: {{challengeType: {type}, digitalocean: {{tokenSecretRef: {{name: dns}} }} }} }}";
}
