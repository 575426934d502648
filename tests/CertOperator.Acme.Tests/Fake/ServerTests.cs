using System.Net;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Acme.Accounts;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Jose;
using CertOperator.Acme.Orders;
using CertOperator.Acme.Protocol;
using CertOperator.Testing.Acme;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Acme.Tests.Fake;

/// <summary>Servers, their directories, and accounts there.</summary>
public sealed class ServerTests
{
    [Theory]
    [InlineData("newNonce")]
    [InlineData("newOrder")]
    [InlineData("renewalInfo")]
    public async Task A_directory_that_leads_out_of_HTTPS_is_refused(string member)
    {
        await using var server = await FakeAcmeServer.StartAsync();
        server.Faults.Add(AcmeEndpoint.Directory, AcmeFault.Edit(directory => directory[member] = "http://127.0.0.1:1/x"));
        using var client = new AcmeClient(server.DirectoryUrl, new AcmeClientOptions { Trust = [server.Trust] });

        var failure = await FailureAsync(() => client.GetDirectoryAsync());

        Assert.Contains(member, failure.Message);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_directory_needs_no_more_than_three_addresses()
    {
        await using var server = await FakeAcmeServer.StartAsync();
        server.Faults.Add(AcmeEndpoint.Directory, AcmeFault.Edit(directory =>
        {
            foreach (var name in directory.Select(pair => pair.Key).Except(["newNonce", "newAccount", "newOrder"]).ToArray()) directory.Remove(name);
            directory["Zz9random"] = "https://community.example/adding-random-entries";
        }));
        using var client = new AcmeClient(server.DirectoryUrl, new AcmeClientOptions { Trust = [server.Trust] });

        var directory = await client.GetDirectoryAsync();
        using var key = LocalAccountKey.Generate();
        var failure = await FailureAsync(() => client.Certificates.RevokeAsync(key, new byte[] { 1 }));

        Assert.Null(directory.RenewalInfo);
        Assert.Equal((FailureClass.Permanent, Fault.Issuer), (failure.Class, failure.Fault));
    }

    [Fact]
    public async Task The_directory_is_read_once_an_hour_and_outlives_a_failure()
    {
        await using var session = await FakeSession.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => session.Client.GetDirectoryAsync()));
        Assert.Equal(1, session.Count(AcmeEndpoint.Directory));
        session.Server.Faults.Add(AcmeEndpoint.Directory, AcmeFault.Html(404));
        session.Time.Advance(TimeSpan.FromHours(2));

        await session.Client.GetDirectoryAsync();
        await session.Client.GetDirectoryAsync();

        Assert.Equal(2, session.Count(AcmeEndpoint.Directory));
    }

    [Fact]
    public async Task An_account_of_which_nothing_is_told_but_its_address_will_do()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.NewAccount, AcmeFault.Edit(account => account.Clear()));
        session.Server.Faults.Add(AcmeEndpoint.Account, AcmeFault.Edit(account => account.Clear()));

        var found = await session.Client.Accounts.FindAsync(session.Key);
        var orders = new List<Uri>();
        await foreach (var order in session.Client.Accounts.ListOrdersAsync(session.Account)) orders.Add(order);

        Assert.Equal(session.Account.Url, found!.Account.Url);
        Assert.Empty(orders);
    }

    [Fact]
    public async Task Credentials_for_one_use_are_used_once()
    {
        const string MacKey = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";
        await using var server = await FakeAcmeServer.StartAsync(new FakeAcmeOptions
        {
            ExternalAccountKeys = new Dictionary<string, string> { ["kid"] = MacKey },
            ExternalAccountRequired = true,
            ExternalAccountRequiredAsTold = false,
            ExternalAccountKeysAreSingleUse = true,
        });
        using var client = new AcmeClient(server.DirectoryUrl, new AcmeClientOptions { Trust = [server.Trust] });
        using var key = LocalAccountKey.Generate();
        var registration = new Registration { AgreesToTerms = true, ExternalAccount = new ExternalAccountBinding("kid", MacKey) };

        var first = await client.Accounts.RegisterAsync(key, registration);
        var second = await client.Accounts.RegisterAsync(key, registration);
        using var other = LocalAccountKey.Generate();
        var refused = await FailureAsync(() => client.Accounts.RegisterAsync(other, registration));

        Assert.Equal(first.Account.Url, second.Account.Url);
        Assert.Equal(FailureClass.NeedsUser, refused.Class);
    }

    [Fact]
    public async Task A_reply_about_a_registration_that_is_lost_makes_no_second_account()
    {
        await using var session = await FakeSession.StartAsync();
        using var key = LocalAccountKey.Generate();
        session.Server.Faults.Add(AcmeEndpoint.NewAccount, AcmeFault.LostAfter());

        await session.SkipWaitsAsync(session.Client.Accounts.RegisterAsync(key, new Registration { AgreesToTerms = true }));

        Assert.Equal(2, session.Server.Accounts.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_change_whose_reply_is_lost_is_found_out(bool happened)
    {
        await using var session = await FakeSession.StartAsync();
        using var newKey = LocalAccountKey.Generate();
        session.Server.Faults.Add(AcmeEndpoint.KeyChange, happened ? AcmeFault.LostAfter() : AcmeFault.LostBefore());

        if (happened) Assert.Same(newKey, (await session.Client.Accounts.RolloverKeyAsync(session.Account, newKey)).Key);
        else await FailureAsync(() => session.Client.Accounts.RolloverKeyAsync(session.Account, newKey));

        Assert.Equal(happened, await session.Client.Accounts.FindAsync(newKey) is not null);
    }

    [Fact]
    public async Task A_server_with_a_private_address_is_refused_where_tenants_choose()
    {
        await using var server = await FakeAcmeServer.StartAsync();
        using var client = new AcmeClient(server.DirectoryUrl, new AcmeClientOptions { Trust = [server.Trust], RefusePrivateAddresses = true });

        var failure = await FailureAsync(() => client.GetDirectoryAsync());

        Assert.Equal((FailureClass.Permanent, Fault.Issuer), (failure.Class, failure.Fault));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_server_that_is_not_trusted_is_the_issuers_fault()
    {
        await using var server = await FakeAcmeServer.StartAsync();
        using var client = new AcmeClient(server.DirectoryUrl, new AcmeClientOptions { Trust = [] });

        var failure = await FailureAsync(() => client.GetDirectoryAsync());

        Assert.Equal((FailureClass.Permanent, Fault.Issuer), (failure.Class, failure.Fault));
        Assert.Contains("CA bundle", failure.Message);
    }

    [Fact]
    public async Task Nobody_there_is_a_network_failure()
    {
        using var client = new AcmeClient(new Uri("https://127.0.0.1:1/directory"), new AcmeClientOptions { MaxInlineWait = TimeSpan.Zero });

        var failure = await FailureAsync(() => client.GetDirectoryAsync());

        Assert.Equal((FailureClass.Transient, Fault.Network), (failure.Class, failure.Fault));
    }

    [Fact]
    public async Task A_server_whose_addresses_have_moved_is_found_again()
    {
        await using var session = await FakeSession.StartAsync();
        session.Server.Faults.Add(AcmeEndpoint.Directory, AcmeFault.Edit(directory => directory["newOrder"] = $"{directory["newOrder"]}/moved/away"));
        session.Time.Advance(TimeSpan.FromHours(2));

        await session.Client.Orders.CreateAsync(session.Account, new OrderRequest([Identifier.Dns(Some.Name())]));

        Assert.Equal(3, session.Count(AcmeEndpoint.Directory));
    }

    [Fact]
    public async Task Servers_that_speak_HTTP_2_are_spoken_to_in_it()
    {
        await using var server = await FakeAcmeServer.StartAsync();
        using var versions = new VersionRecorder(server.Trust);
        using var client = new AcmeClient(server.DirectoryUrl, new AcmeClientOptions { Handler = versions });

        await client.GetDirectoryAsync();

        Assert.Equal([HttpVersion.Version20], versions.Seen);
    }

    private static async Task<AcmeFailure> FailureAsync(Func<Task> call) => (await Assert.ThrowsAsync<AcmeException>(call)).Failure;

    private sealed class VersionRecorder : DelegatingHandler
    {
        public VersionRecorder(X509Certificate2 trust)
            : base(AcmeHandler.Create(new AcmeClientOptions { Trust = [trust] }))
        {
        }

        public List<Version> Seen { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            Seen.Add(response.Version);
            return response;
        }
    }
}
