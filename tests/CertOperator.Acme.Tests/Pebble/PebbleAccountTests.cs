using CertOperator.Acme.Accounts;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Jose;
using CertOperator.Acme.Orders;
using CertOperator.Acme.Protocol;
using CertOperator.Testing.Acme;

namespace CertOperator.Acme.Tests.Pebble;

public sealed class PebbleAccountTests(PebbleFixture pebble)
{
    private const string MacKey = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";

    private static readonly Registration Agreeing = new() { AgreesToTerms = true };
    private static readonly PebbleOptions External = new() { ExternalAccountKeys = new Dictionary<string, string> { ["kid-1"] = MacKey } };
    private static readonly PebbleOptions Pages = new() { OrdersPerPage = 2 };

    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("RS256")]
    public async Task A_key_registers_once_and_is_found_again(string algorithm)
    {
        using var client = await ClientAsync();
        using var key = LocalAccountKey.Generate(algorithm);
        using var stored = LocalAccountKey.FromPem(key.ToPem());

        var first = await client.Accounts.RegisterAsync(key, Agreeing);
        var second = await client.Accounts.RegisterAsync(stored, Agreeing);
        var found = await client.Accounts.FindAsync(stored);

        Assert.Equal((true, false), (first.IsNew, second.IsNew));
        Assert.Equal(first.Account.Url, second.Account.Url);
        Assert.Equal(first.Account.Url, found?.Account.Url);
        Assert.Equal(AccountStatus.Valid, (await client.Accounts.GetAsync(first.Account)).Status);
    }

    [Fact]
    public async Task A_key_without_an_account_is_not_found()
    {
        using var client = await ClientAsync();
        using var key = LocalAccountKey.Generate();

        Assert.Null(await client.Accounts.FindAsync(key));
    }

    [Fact]
    public async Task Terms_that_are_not_agreed_to_need_the_user()
    {
        using var client = await ClientAsync();
        using var key = LocalAccountKey.Generate();

        var failure = await FailureAsync(() => client.Accounts.RegisterAsync(key, new Registration()));

        Assert.Equal((FailureClass.NeedsUser, Fault.Issuer), (failure.Class, failure.Fault));
    }

    [Fact]
    public async Task Contacts_are_changed()
    {
        using var session = await SessionAsync();

        var changed = await session.Client.Accounts.UpdateContactsAsync(session.Account, ["ops@example.org"]);

        Assert.Equal(["mailto:ops@example.org"], changed.Contacts);
    }

    [Fact]
    public async Task A_contact_that_the_CA_refuses_is_the_issuers_fault()
    {
        using var session = await SessionAsync();

        var failure = await FailureAsync(() => session.Client.Accounts.UpdateContactsAsync(session.Account, ["nobody"]));

        Assert.Equal((FailureClass.Permanent, Fault.Issuer), (failure.Class, failure.Fault));
    }

    [Fact]
    public async Task A_new_key_replaces_the_old_one_and_doing_so_twice_is_no_error()
    {
        using var session = await SessionAsync();
        using var newKey = LocalAccountKey.Generate("ES384");

        var renewed = await session.Client.Accounts.RolloverKeyAsync(session.Account, newKey);
        var again = await session.Client.Accounts.RolloverKeyAsync(session.Account, newKey);

        Assert.Equal(renewed.Url, again.Url);
        Assert.Equal(AccountStatus.Valid, (await session.Client.Accounts.GetAsync(renewed)).Status);
        await FailureAsync(() => session.Client.Accounts.GetAsync(session.Account));
    }

    [Fact]
    public async Task A_key_of_another_account_is_refused()
    {
        using var session = await SessionAsync();
        using var other = await SessionAsync();

        await FailureAsync(() => session.Client.Accounts.RolloverKeyAsync(session.Account, other.Key));

        Assert.Equal(AccountStatus.Valid, (await session.Client.Accounts.GetAsync(session.Account)).Status);
    }

    [Fact]
    public async Task A_deactivated_account_stays_so_and_can_order_nothing()
    {
        using var session = await SessionAsync();

        await session.Client.Accounts.DeactivateAsync(session.Account);
        await session.Client.Accounts.DeactivateAsync(session.Account);
        var failure = await FailureAsync(() => session.Client.Orders.CreateAsync(session.Account, new OrderRequest([Identifier.Dns(Some.Name())])));

        Assert.Equal((FailureClass.Permanent, Fault.Issuer), (failure.Class, failure.Fault));
    }

    [Fact]
    public async Task An_external_account_is_demanded_before_anything_is_sent()
    {
        using var client = await ClientAsync(External);
        using var key = LocalAccountKey.Generate();

        var failure = await FailureAsync(() => client.Accounts.RegisterAsync(key, Agreeing));

        Assert.Equal((FailureClass.NeedsUser, Fault.Issuer), (failure.Class, failure.Fault));
    }

    [Theory]
    [InlineData(MacKey, "HS256")]
    [InlineData(" " + MacKey + "==\n", "HS256")]
    public async Task An_external_account_is_bound_and_then_no_longer_needed(string macKey, string algorithm)
    {
        using var client = await ClientAsync(External);
        using var key = LocalAccountKey.Generate();

        var made = await client.Accounts.RegisterAsync(key, Agreeing with { ExternalAccount = new ExternalAccountBinding("kid-1", macKey, algorithm) });
        var again = await client.Accounts.RegisterAsync(key, Agreeing);

        Assert.Equal((true, false), (made.IsNew, again.IsNew));
        Assert.Equal(made.Account.Url, again.Account.Url);
    }

    [Theory]
    [InlineData("kid-2", MacKey)]
    [InlineData("kid-1", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Wrong_credentials_need_the_user(string keyId, string macKey)
    {
        using var client = await ClientAsync(External);
        using var key = LocalAccountKey.Generate();

        var failure = await FailureAsync(() => client.Accounts.RegisterAsync(key, Agreeing with { ExternalAccount = new ExternalAccountBinding(keyId, macKey) }));

        Assert.Equal((FailureClass.NeedsUser, Fault.Issuer), (failure.Class, failure.Fault));
    }

    [Fact]
    public async Task Orders_are_listed_over_several_pages()
    {
        using var session = await SessionAsync(Pages);
        var orders = new List<string>();
        for (var i = 0; i < 5; i++) orders.Add((await session.Client.Orders.CreateAsync(session.Account, new OrderRequest([Identifier.Dns(Some.Name())]))).Url.OriginalString);

        var listed = new List<string>();
        await foreach (var order in session.Client.Accounts.ListOrdersAsync(session.Account)) listed.Add(order.OriginalString);

        Assert.Equal(orders.Order(), listed.Order());
    }

    [Fact]
    public async Task An_account_that_the_CA_has_lost_is_told_apart()
    {
        await using var server = await PebbleServer.StartAsync();
        using var session = await PebbleSession.StartAsync(server);
        await server.RestartAsync();

        var failure = await FailureAsync(() => session.Loop.IssueAsync(session.Account, Some.Job([Some.Name()], ChallengeTypes.Http01)));
        Assert.True(failure.IsAccountGone);

        var account = (await session.Client.Accounts.RegisterAsync(session.Key, Agreeing)).Account;
        await session.Loop.IssueAsync(account, Some.Job([Some.Name()], ChallengeTypes.Http01));
    }

    private static async Task<AcmeFailure> FailureAsync(Func<Task> call) => (await Assert.ThrowsAsync<AcmeException>(call)).Failure;

    private async Task<PebbleSession> SessionAsync(PebbleOptions? options = null) => await PebbleSession.StartAsync(await pebble.GetAsync(options));

    private async Task<AcmeClient> ClientAsync(PebbleOptions? options = null)
    {
        var server = await pebble.GetAsync(options);
        return new AcmeClient(server.DirectoryUrl, new AcmeClientOptions { Trust = [server.Trust] });
    }
}
