using System.Text;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Emulators;
using CertOperator.Challenges.Dns.Wire;
using CertOperator.Testing.Dns;

namespace CertOperator.Challenges.Dns.Providers;

/// <summary>Against Knot.</summary>
public sealed class Rfc2136ProviderTests : CredentialedProviderContract
{
    private KnotServer _knot = null!;

    private protected override async Task<ProviderWorld> StartAsync()
    {
        _knot = await KnotServer.StartAsync(new DnsZone("example.com"));
        string wrong = Convert.ToBase64String(Encoding.ASCII.GetBytes("another key of thirty-two bytes!"));
        return await ProviderWorld.Of(_knot, Spec("HMACSHA256", _knot.Sha256Key.Name), _knot.TextsAsync, wrong).WithCredentialAsync(_knot.Sha256Key.Secret);
    }

    [Theory]
    [InlineData("UDP")]
    [InlineData("TCP")]
    public async Task Sha512_signs_over_both_protocols(string protocol)
    {
        await World.WithCredentialAsync(_knot.Sha512Key.Secret);

        await DnsProviders.Create(Spec("HMACSHA512", _knot.Sha512Key.Name, protocol), World.Context).AddAsync(ProviderWorld.Record(protocol), Cancel);

        await AssertValuesAsync(protocol);
    }

    [Fact]
    public async Task Without_a_key_the_server_refuses_and_the_sentence_says_so()
    {
        var spec = new Dns01Spec { Rfc2136 = new Rfc2136Spec { Nameserver = _knot.Endpoint.ToString() } };

        var refused = await Assert.ThrowsAsync<DnsException>(() => DnsProviders.Create(spec, World.Context).AddAsync(ProviderWorld.Record("ours"), Cancel));

        Assert.StartsWith($"The name server {_knot.Endpoint} has not added the TXT record at {ProviderWorld.Name}: ", refused.Message, StringComparison.Ordinal);
        await AssertValuesAsync();
    }

    [Fact]
    public async Task An_answer_that_was_changed_on_its_way_does_not_verify()
    {
        var key = new Wire.TsigKey(_knot.Sha256Key.Name, "HMACSHA256", Convert.FromBase64String(_knot.Sha256Key.Secret));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var (message, mac) = key.Sign(DnsWriter.UpdateTxt(7, "example.com", ProviderWorld.Name, "ours", DnsClass.In, 60), now);

        byte[] answer = await DnsTransport.ExchangeAsync(_knot.Endpoint, message, overTcp: true, TimeProvider.System, Cancel);

        Assert.True(key.Verifies(answer, DnsReader.Read(answer), mac, now));
        Assert.False(key.Verifies(answer, DnsReader.Read(answer), mac, now.AddHours(1)));
        Assert.False(key.Verifies(answer, DnsReader.Read(answer), [.. mac.Reverse()], now));
        answer[3] ^= 1;
        Assert.False(key.Verifies(answer, DnsReader.Read(answer), mac, now));
    }

    private Dns01Spec Spec(string algorithm, string keyName, string? protocol = null) => new()
    {
        Rfc2136 = new Rfc2136Spec
        {
            Nameserver = _knot.Endpoint.ToString(),
            TsigKeyName = keyName,
            TsigAlgorithm = algorithm,
            TsigSecretSecretRef = ProviderWorld.Credential,
            Protocol = protocol,
        },
    };
}

/// <summary>Against PowerDNS.</summary>
public sealed class PowerDnsProviderTests : CredentialedProviderContract
{
    private protected override async Task<ProviderWorld> StartAsync()
    {
        var server = await PowerDnsServer.StartAsync("example.com");
        var spec = new Dns01Spec { Powerdns = new PowerDnsSpec { Host = server.ApiUrl.AbsoluteUri, ApiKeySecretRef = ProviderWorld.Credential } };
        return await ProviderWorld.Of(server, spec, server.TextsAsync).WithCredentialAsync(server.ApiKey);
    }
}

public sealed class AcmeDnsProviderTests
{
    private static readonly string Accounts = $$"""
        {"example.com": {"username": "user", "password": "{{AcmeDnsEmulator.Password}}", "fulldomain": "d4.auth.example.org", "subdomain": "d4"} }
        """;

    [Fact]
    public async Task The_value_goes_to_the_account_of_the_domain()
    {
        var emulator = await Emulator.StartAsync<AcmeDnsEmulator>();
        await using var world = await WorldAsync(emulator);

        await world.Provider.AddAsync(ProviderWorld.Record("first"), TestContext.Current.CancellationToken);
        await world.Provider.AddAsync(ProviderWorld.Record("second"), TestContext.Current.CancellationToken);
        await world.Provider.RemoveAsync(ProviderWorld.Record("first"), TestContext.Current.CancellationToken);

        Assert.Equal(["first", "second"], emulator.Records.Values("d4"));
    }

    [Fact]
    public async Task A_domain_without_account_is_named()
    {
        await using var world = await WorldAsync(await Emulator.StartAsync<AcmeDnsEmulator>());
        var record = ProviderWorld.Record("first") with { Domain = "other.example.com" };

        var missing = await Assert.ThrowsAsync<DnsException>(() => world.Provider.AddAsync(record, TestContext.Current.CancellationToken));

        Assert.Equal("The Secret dns/credentials has no acme-dns account for other.example.com: register one and add it.", missing.Message);
    }

    private static async Task<ProviderWorld> WorldAsync(AcmeDnsEmulator emulator)
    {
        var spec = new Dns01Spec { AcmeDNS = new AcmeDnsSpec { Host = emulator.Address.AbsoluteUri, AccountSecretRef = ProviderWorld.Credential } };
        return await ProviderWorld.Of(emulator, spec, ProviderWorld.NewServices()).WithCredentialAsync(Accounts);
    }
}
