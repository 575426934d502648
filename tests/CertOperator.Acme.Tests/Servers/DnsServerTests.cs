using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Dns;
using CertOperator.Testing.Processes;

namespace CertOperator.Acme.Tests.Servers;

public sealed class DnsServerTests
{
    private const string Zone = "dns.example";
    private const string Name = $"_acme-challenge.www.{Zone}";

    [Theory]
    [InlineData("hmac-sha256")]
    [InlineData("hmac-sha512")]
    public async Task Knot_takes_signed_updates(string algorithm)
    {
        await using var knot = await StartOrSkipAsync(() => KnotServer.StartAsync(new DnsZone(Zone, "alias CNAME elsewhere")));
        var key = algorithm == knot.Sha256Key.Algorithm ? knot.Sha256Key : knot.Sha512Key;
        Assert.Equal(0, (await UpdateAsync(knot, key, $"add {Name} 1 TXT \"one\"", $"add {Name} 1 TXT \"two\"")).ExitCode);
        Assert.Equal(["one", "two"], (await knot.TextsAsync(Name)).Order());
        Assert.Equal(0, (await UpdateAsync(knot, key, $"del {Name} TXT \"one\"")).ExitCode);
        Assert.Equal(["two"], await knot.TextsAsync(Name));
    }

    [Fact]
    public async Task Knot_refuses_updates_by_another_key()
    {
        await using var knot = await StartOrSkipAsync(() => KnotServer.StartAsync(new DnsZone(Zone)));
        var forged = knot.Sha256Key with { Secret = Convert.ToBase64String(new byte[32]) };
        Assert.NotEqual(0, (await UpdateAsync(knot, forged, $"add {Name} 1 TXT \"one\"")).ExitCode);
        Assert.Empty(await knot.TextsAsync(Name));
    }

    [Fact]
    public async Task Long_answers_come_by_TCP()
    {
        var values = Enumerable.Range(0, 20).Select(i => $"{i:00}{new string('x', 200)}").ToArray();
        var zone = new DnsZone(Zone, [.. values.Select(value => $"many TXT \"{value}\"")]);
        await using var knot = await StartOrSkipAsync(() => KnotServer.StartAsync(zone));
        Assert.Equal(values, (await knot.TextsAsync($"many.{Zone}")).Order());
    }

    [Fact]
    public async Task PowerDNS_takes_changes_by_its_API()
    {
        await using var server = await StartOrSkipAsync(() => PowerDnsServer.StartAsync(Zone));
        Assert.Empty(await server.TextsAsync(Name));
        Assert.Equal(401, await PatchAsync(server, "another-key"));
        Assert.Equal(204, await PatchAsync(server, server.ApiKey));
        Assert.Equal(["one", "two"], (await server.TextsAsync(Name)).Order());
    }

    private static async Task<T> StartOrSkipAsync<T>(Func<Task<T>> start)
    {
        try
        {
            return await start();
        }
        catch (MissingPartException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }

    private static Task<CommandResult> UpdateAsync(KnotServer knot, TsigKey key, params string[] lines) => Command.RunAsync(
        TestCache.KnotUpdate,
        ["-y", $"{key.Algorithm}:{key.Name}:{key.Secret}"],
        $"server 127.0.0.1 {knot.Endpoint.Port}\nzone {Zone}\n{string.Join('\n', lines)}\nsend\nquit\n",
        new Dictionary<string, string> { ["LD_LIBRARY_PATH"] = KnotServer.Libraries });

    private static async Task<int> PatchAsync(PowerDnsServer server, string apiKey)
    {
        using var client = new HttpClient { BaseAddress = server.ApiUrl };
        client.DefaultRequestHeaders.Add("X-API-Key", apiKey);
        var change = JsonNode.Parse($$"""
            {"rrsets": [{"name": "{{Name}}.", "type": "TXT", "ttl": 1, "changetype": "REPLACE",
              "records": [{"content": "\"one\"", "disabled": false}, {"content": "\"two\"", "disabled": false}]}]}
            """);
        using var response = await client.PatchAsJsonAsync(new Uri($"/api/v1/servers/localhost/zones/{Zone}.", UriKind.Relative), change);
        return (int)response.StatusCode;
    }
}
