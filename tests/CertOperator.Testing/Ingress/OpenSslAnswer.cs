using System.Security.Cryptography.X509Certificates;

namespace CertOperator.Testing.Ingress;

/// <summary>What <c>openssl s_client</c> saw: the chain in the order in which the server sent it, and all that it printed.</summary>
public sealed record OpenSslAnswer(int ExitCode, X509Certificate2Collection Certificates, string Output)
{
    /// <summary>Whether the handshake succeeded and the certificate was verified.</summary>
    public bool Accepted => ExitCode == 0;
}
