using System.Security.Cryptography.X509Certificates;
using CertOperator.Testing.Processes;

namespace CertOperator.Testing.Ingress;

/// <summary>The <c>openssl s_client</c> command against a port of loopback.</summary>
public static class OpenSslClient
{
    /// <summary>Makes one TLS handshake for a host name, with only the authorities of a PEM file as trust.</summary>
    public static async Task<OpenSslAnswer> ConnectAsync(int port, string serverName, string authoritiesFile)
    {
        var result = await Command.RunAsync("openssl",
        [
            "s_client", "-connect", $"127.0.0.1:{port}", "-servername", serverName, "-verify_hostname", serverName,
            "-verify_return_error", "-showcerts", "-CAfile", authoritiesFile, "-no-CApath", "-no-CAstore",
        ]);
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(result.Output);
        return new OpenSslAnswer(result.ExitCode, certificates, result.Output + result.Error);
    }
}
