using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace CertOperator.Acme.Tests.Servers;

/// <summary>The steps from an order to its certificate, with <see cref="JwsClient"/>.</summary>
internal static class Issuance
{
    /// <summary>Meets one challenge of each authorization: <paramref name="present"/> gets its name, token and key authorization.</summary>
    public static async Task AuthorizeAsync(
        this JwsClient client, JsonObject order, string challengeType, Func<string, string, string, Task> present, string outcome = "valid")
    {
        foreach (var url in order["authorizations"]!.AsArray().Select(u => new Uri((string)u!)))
        {
            var authorization = (await client.PostAsync(url)).Body;
            var challenge = authorization["challenges"]!.AsArray().Single(c => (string?)c!["type"] == challengeType)!;
            var token = (string)challenge["token"]!;
            await present((string)authorization["identifier"]!["value"]!, token, client.KeyAuthorization(token));
            var answer = await client.PostAsync(new Uri((string)challenge["url"]!), []);
            Assert.Equal(200, answer.Status);
            await client.PollAsync(url, outcome);
        }
    }

    /// <summary>Finalizes a ready order and returns its chain, the leaf first.</summary>
    public static async Task<X509Certificate2Collection> FinalizeAsync(this JwsClient client, Uri order, ECDsa key, params string[] names)
    {
        var ready = await client.PollAsync(order, "ready");
        var finalized = await client.PostAsync(new Uri((string)ready.Body["finalize"]!), new() { ["csr"] = Request(key, names) });
        Assert.Equal(200, finalized.Status);
        var valid = await client.PollAsync(order, "valid");
        var chain = await client.PostAsync(new Uri((string)valid.Body["certificate"]!));
        Assert.Equal("application/pem-certificate-chain", chain.MediaType);
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(chain.Text);
        return certificates;
    }

    /// <summary>A PKCS#10 request without a subject, base64url.</summary>
    public static string Request(ECDsa key, params string[] names)
    {
        var request = new CertificateRequest("", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        Array.ForEach(names, alternatives.AddDnsName);
        request.CertificateExtensions.Add(alternatives.Build(critical: true));
        return Base64Url.EncodeToString(request.CreateSigningRequest());
    }

    public static string DnsValue(string keyAuthorization) =>
        Base64Url.EncodeToString(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(keyAuthorization)));
}
