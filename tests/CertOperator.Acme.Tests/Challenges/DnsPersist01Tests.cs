using System.Text.Json;
using CertOperator.Acme.Accounts;
using CertOperator.Acme.Challenges;
using CertOperator.Acme.Jose;
using CertOperator.Acme.Orders;
using CertOperator.Acme.Protocol;

namespace CertOperator.Acme.Tests.Challenges;

/// <summary>The lasting records of both versions of the draft: what is to be set, and what is as good.</summary>
public sealed class DnsPersist01Tests : IDisposable
{
    private const string Thumbprint = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs";
    private const string Prefix = "https://ca.example/h/";
    private const string ByUrl = "accounturi=https://ca.example/acct/123";

    private static readonly Uri Account = new("https://ca.example/acct/123");

    private readonly LocalAccountKey _key = LocalAccountKey.Generate();

    public void Dispose() => _key.Dispose();

    [Theory]
    [InlineData("example.com", "sha-256/5SQm7n6tPh2-PlLbCKGnViTXX5z19SCN4cPGQHSk-kw")]
    [InlineData("*", "sha-256/NpDnSwUthQK8zCgFdefYxAdAVPnygMLbs9US6oO-5ug")]
    public void The_account_has_the_hash_of_the_draft(string name, string hash) => Assert.Equal(hash, DnsPersist01.AccountHash(name, Thumbprint, Account));

    [Theory]
    [InlineData("example.com", false, null, $"ca.example; {ByUrl}")]
    [InlineData("*.example.com", false, null, $"ca.example; {ByUrl}; policy=wildcard")]
    [InlineData("example.com", true, null, $"ca.example; {ByUrl}; policy=wildcard")]
    [InlineData("example.com", false, 1_800_000_000L, $"ca.example; {ByUrl}; persistUntil=1800000000")]
    [InlineData("*.example.com", false, 1_800_000_000L, $"ca.example; {ByUrl}; policy=wildcard; persistUntil=1800000000")]
    public void The_record_of_version_01_names_the_account_by_its_URL(string name, bool coversWildcard, long? until, string text)
    {
        var wanted = DnsPersist01.Of(Identifier.Dns(name), Challenge("issuer-domain-names", "[\"CA.example.\",\"other.example\"]"), Directory(), Client(), coversWildcard)!;

        Assert.Equal(new TxtRecord("_validation-persist.example.com", text), wanted.Record(until is { } end ? DateTimeOffset.FromUnixTimeSeconds(end) : null));
    }

    [Fact]
    public void The_record_of_version_02_names_it_by_a_hash_that_is_of_one_domain()
    {
        var wanted = DnsPersist01.Of(Identifier.Dns("example.com"), Challenge("issuerDomainNames", "[\"ca.example\"]"), Directory(Prefix), Client())!;
        string OfDomain(string name) => $"ca.example; accounturi={Prefix}{DnsPersist01.AccountHash(name, _key.Thumbprint, Account)}";

        Assert.Equal(new TxtRecord("_validation-persist.example.com", OfDomain("example.com")), wanted.Record());
        Assert.NotNull(wanted.Match("example.com", OfDomain("*")));
        Assert.Null(wanted.Match("example.com", OfDomain("example.org")));
        Assert.Null(wanted.Match("example.com", $"ca.example; {ByUrl}"));
        Assert.NotNull(wanted.Match("com", $"{OfDomain("com")}; policy=wildcard"));
    }

    [Theory]
    [InlineData($"ca.example; {ByUrl}", "never")]
    [InlineData($"OTHER.example.;{ByUrl};", "never")]
    [InlineData($"ca.example;  AccountURI = https://ca.example/acct/123 ; policy=Wildcard; new=thing", "never")]
    [InlineData($"ca.example; {ByUrl}; persistUntil=1800000000", "1800000000")]
    [InlineData($"ca.example; {ByUrl}; persistUntil=soon", null)]
    [InlineData($"ca.example; {ByUrl}; persistUntil=-1", null)]
    [InlineData($"ca.example; {ByUrl}; persistUntil=99999999999999999999", null)]
    [InlineData($"ca.example; {ByUrl}; {ByUrl}", null)]
    [InlineData($"ca.example; {ByUrl}; persistUntil", null)]
    [InlineData($"ca.example; {ByUrl}4", null)]
    [InlineData($"third.example; {ByUrl}", null)]
    [InlineData("ca.example", null)]
    [InlineData("v=spf1 -all", null)]
    [InlineData("", null)]
    public void A_record_that_is_there_counts_as_the_draft_reads_it(string text, string? until)
    {
        var found = Wanted("example.com").Match("example.com", text);

        Assert.Equal(until, found == DateTimeOffset.MaxValue ? "never" : found?.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("example.com", "example.com", true, true)]
    [InlineData("*.example.com", "example.com", false, true)]
    [InlineData("www.example.com", "example.com", false, true)]
    [InlineData("*.www.example.com", "example.com", false, true)]
    public void For_names_below_and_wildcards_it_has_to_say_so(string name, string domain, bool plain, bool wildcard)
    {
        Assert.Equal(plain, Wanted(name).Match(domain, $"ca.example; {ByUrl}") is not null);
        Assert.Equal(wildcard, Wanted(name).Match(domain, $"ca.example; {ByUrl}; policy=wildcard") is not null);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("[\"ca.example\",1]")]
    [InlineData("\"ca.example\"")]
    [InlineData("[\"*.ca.example\"]")]
    [InlineData("[\"ca.example; policy=wildcard\"]")]
    [InlineData("[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\",\"10\",\"11\"]")]
    public void No_record_is_made_for_an_issuer_that_is_none(string names)
        => Assert.Null(DnsPersist01.Of(Identifier.Dns("example.com"), Challenge("issuerDomainNames", names), Directory(), Client()));

    [Theory]
    [InlineData("https://victims-ca.example/acct/123", null)]
    [InlineData("https://ca.example:8443/acct/123", null)]
    [InlineData("https://ca.example/acct/1;policy=wildcard", null)]
    [InlineData("https://ca.example/acct/\"1", null)]
    [InlineData("https://ca.example/acct/123", "\"https://ca.example/acct/124\"")]
    [InlineData("https://ca.example/acct/123", "1")]
    public void No_record_is_made_that_could_let_in_anybody_else(string account, string? named)
        => Assert.Null(DnsPersist01.Of(
            Identifier.Dns("example.com"), Challenge("issuer-domain-names", "[\"ca.example\"]", named), Directory(), new AcmeAccount(new Uri(account), _key)));

    [Fact]
    public void The_account_that_the_challenge_names_may_be_the_own()
        => Assert.NotNull(DnsPersist01.Of(
            Identifier.Dns("example.com"), Challenge("issuer-domain-names", "[\"ca.example\"]", $"\"{Account}\""), Directory(), Client()));

    private DnsPersist01 Wanted(string name) => DnsPersist01.Of(Identifier.Dns(name), Challenge("issuer-domain-names", "[\"ca.example\",\"other.example\"]"), Directory(), Client())!;

    private AcmeAccount Client() => new(Account, _key);

    private static Challenge Challenge(string member, string names, string? account = null) => new()
    {
        Type = ChallengeTypes.DnsPersist01,
        Url = new Uri("https://ca.example/chall/1"),
        Status = ChallengeStatus.Pending,
        Extensions = new Dictionary<string, JsonElement>(account is null ? [] : [KeyValuePair.Create("accounturi", Json(account))]) { [member] = Json(names) },
    };

    private static AcmeDirectory Directory(string? prefix = null) => new()
    {
        Url = new Uri("https://ca.example/dir"),
        NewNonce = new Uri("https://ca.example/nonce"),
        NewAccount = new Uri("https://ca.example/account"),
        NewOrder = new Uri("https://ca.example/order"),
        Extensions = new Dictionary<string, JsonElement>(prefix is null ? [] : [KeyValuePair.Create("accountHashPrefix", Json($"\"{prefix}\""))]),
    };

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
