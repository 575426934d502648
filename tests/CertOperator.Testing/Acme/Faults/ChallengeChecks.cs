using System.Formats.Asn1;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Dns;

namespace CertOperator.Testing.Acme.Faults;

/// <summary>
/// Validation as a CA does it, over the network, with every name at 127.0.0.1; for <see cref="ServerBehaviour.Validate"/>.
/// </summary>
public static class ChallengeChecks
{
    private const string AcmeIdentifierExtension = "1.3.6.1.5.5.7.1.31";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly SslApplicationProtocol AcmeTls = new("acme-tls/1");

    /// <summary>Each challenge by its type: at these ports, and by this DNS server.</summary>
    public static Func<ChallengeAttempt, Task<ValidationFailure?>> By(int httpPort, int tlsPort, IPEndPoint dns) => attempt => attempt.Type switch
    {
        "http-01" => HttpAsync(attempt, httpPort),
        "dns-01" or "dns-account-01" => DnsAsync(attempt, dns),
        "tls-alpn-01" => TlsAlpnAsync(attempt, tlsPort),
        var other => Task.FromResult<ValidationFailure?>(new ValidationFailure("malformed", $"{other} is not validated here")),
    };

    /// <summary>RFC 8555 section 8.3.</summary>
    public static async Task<ValidationFailure?> HttpAsync(ChallengeAttempt attempt, int port)
    {
        using var client = new HttpClient { Timeout = Patience };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://127.0.0.1:{port}/.well-known/acme-challenge/{attempt.Token}"));
        request.Headers.Host = attempt.Identifier.Value;
        try
        {
            using var response = await client.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            return response.StatusCode == HttpStatusCode.OK && body.TrimEnd() == attempt.KeyAuthorization
                ? null
                : new ValidationFailure("unauthorized", $"{attempt.Identifier.Value} answered {(int)response.StatusCode} with {body.Length} other characters", 403);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return new ValidationFailure("connection", $"{attempt.Identifier.Value} did not answer");
        }
    }

    /// <summary>RFC 8555 section 8.4, and draft-ietf-acme-dns-account-label-02 section 3.2.</summary>
    public static async Task<ValidationFailure?> DnsAsync(ChallengeAttempt attempt, IPEndPoint server)
    {
        var label = attempt.Type == "dns-account-01" ? $"{AccountLabel(attempt.Account)}." : "";
        var name = $"{label}_acme-challenge.{attempt.Identifier.Value}";
        if (await DnsQuery.FindAsync(server, name) is not { Code: 0 or 3 } answer) return new ValidationFailure("dns", $"the question for {name} failed");
        return answer.Texts.Contains(Base64.Encode(Digest(attempt)))
            ? null
            : new ValidationFailure("unauthorized", $"{name} has {answer.Texts.Count} other TXT values", 403);
    }

    /// <summary>The label of an account in the names of its records for dns-account-01.</summary>
    public static string AccountLabel(Uri account)
    {
        var bits = string.Concat(SHA256.HashData(Encoding.ASCII.GetBytes(account.OriginalString)).Take(10).Select(octet => octet.ToString("b8", CultureInfo.InvariantCulture)));
        return $"_{string.Concat(bits.Chunk(5).Select(five => "abcdefghijklmnopqrstuvwxyz234567"[Convert.ToInt32(new string(five), 2)]))}";
    }

    /// <summary>RFC 8737.</summary>
    public static async Task<ValidationFailure?> TlsAlpnAsync(ChallengeAttempt attempt, int port)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, patience.Token);
            X509Certificate2? served = null;
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = attempt.Identifier.Value,
                    ApplicationProtocols = [AcmeTls],
                    RemoteCertificateValidationCallback = (_, certificate, _, _) => (served = certificate as X509Certificate2) is not null,
                },
                patience.Token);
            return stream.NegotiatedApplicationProtocol == AcmeTls && Proves(served!, attempt)
                ? null
                : new ValidationFailure("unauthorized", $"{attempt.Identifier.Value} served another certificate or protocol", 403);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return new ValidationFailure("connection", $"{attempt.Identifier.Value} did not answer");
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return new ValidationFailure("tls", $"{attempt.Identifier.Value} did not agree on {AcmeTls}");
        }
    }

    private static bool Proves(X509Certificate2 certificate, ChallengeAttempt attempt)
    {
        var proof = certificate.Extensions.SingleOrDefault(e => e.Oid!.Value == AcmeIdentifierExtension);
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SingleOrDefault()?.EnumerateDnsNames().ToArray();
        return proof is { Critical: true }
            && new AsnReader(proof.RawData, AsnEncodingRules.DER).ReadOctetString().AsSpan().SequenceEqual(Digest(attempt))
            && names is [var name] && string.Equals(name, attempt.Identifier.Value, StringComparison.OrdinalIgnoreCase);
    }

    private static byte[] Digest(ChallengeAttempt attempt) => SHA256.HashData(Encoding.ASCII.GetBytes(attempt.KeyAuthorization));
}
