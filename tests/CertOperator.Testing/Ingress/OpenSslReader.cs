using System.Text.Json.Nodes;
using CertOperator.Testing.Cluster;
using CertOperator.Testing.Processes;

namespace CertOperator.Testing.Ingress;

/// <summary>Has openssl read TLS Secrets: an opinion on a certificate from outside this program.</summary>
public static class OpenSslReader
{
    /// <summary>
    /// Verifies every TLS Secret of a namespace against its own <c>ca.crt</c>, chain included, and that its key belongs to
    /// its certificate; returns their names.
    /// </summary>
    /// <exception cref="InvalidOperationException">openssl's own message.</exception>
    public static async Task<IReadOnlyList<string>> VerifyAllAsync(TestCluster cluster, string ns)
    {
        var secrets = await cluster.Admin.ListAsync($"/api/v1/namespaces/{ns}/secrets?fieldSelector=type%3Dkubernetes.io%2Ftls");
        var folder = Directory.CreateDirectory(Path.Combine(cluster.Folder, "openssl", ns));
        await Parallel.ForEachAsync(secrets, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (secret, _) => await VerifyAsync(folder.FullName, secret));
        return [.. secrets.Select(Name).Order(StringComparer.Ordinal)];
    }

    private static async Task VerifyAsync(string folder, JsonNode secret)
    {
        var certificate = await WriteAsync(folder, secret, "tls.crt");
        var key = await WriteAsync(folder, secret, "tls.key");
        var authority = await WriteAsync(folder, secret, "ca.crt");
        await ReadAsync("verify", "-x509_strict", "-check_ss_sig", "-no-CApath", "-no-CAstore", "-CAfile", authority, "-untrusted", certificate, certificate);
        var signed = await ReadAsync("x509", "-in", certificate, "-noout", "-pubkey");
        if (signed != await ReadAsync("pkey", "-in", key, "-pubout"))
            throw new InvalidOperationException($"The key in Secret {Name(secret)} is not that of its certificate.");
    }

    private static async Task<string> ReadAsync(params string[] arguments) => (await Command.RunAsync("openssl", arguments)).OrThrow();

    private static async Task<string> WriteAsync(string folder, JsonNode secret, string entry)
    {
        var path = Path.Combine(folder, $"{Name(secret)}.{entry}");
        await File.WriteAllBytesAsync(path, Convert.FromBase64String((string?)secret["data"]?[entry] ?? ""));
        return path;
    }

    private static string Name(JsonNode secret) => (string)secret["metadata"]!["name"]!;
}
