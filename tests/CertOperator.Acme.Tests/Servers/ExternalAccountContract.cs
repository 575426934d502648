using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;

namespace CertOperator.Acme.Tests.Servers;

/// <summary>What RFC 8555 section 7.3.4 asks of a server that binds accounts to external ones.</summary>
public abstract class ExternalAccountContract
{
    private const string MacKey = "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W";

    protected static readonly Dictionary<string, string> Keys = new() { ["kid-1"] = MacKey };

    protected abstract Task<(Uri DirectoryUrl, X509Certificate2 Trust)> ServerAsync();

    [Fact]
    public async Task A_new_account_needs_a_good_binding_and_an_old_one_none()
    {
        var (directory, trust) = await ServerAsync();
        using var client = await JwsClient.OpenAsync(directory, trust);
        var mac = Base64Url.DecodeFromChars(MacKey);
        Assert.True((bool?)client.Directory["meta"]!["externalAccountRequired"]);
        Assert.Equal("externalAccountRequired", (await client.RegisterAsync()).Problem);
        Assert.Equal("unauthorized", (await client.RegisterAsync(client.BoundAccount("kid-2", mac))).Problem);
        Assert.Equal("unauthorized", (await client.RegisterAsync(client.BoundAccount("kid-1", new byte[32]))).Problem);
        Assert.Equal(201, (await client.RegisterAsync(client.BoundAccount("kid-1", mac))).Status);
        client.Account = null;
        Assert.Equal(200, (await client.RegisterAsync()).Status);
    }
}
