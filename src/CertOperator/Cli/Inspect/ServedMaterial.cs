using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using CertOperator.Pki;
using CertOperator.Pki.Formats;

namespace CertOperator.Cli.Inspect;

/// <summary>What a server sends in a TLS handshake, without judging it there: what is wrong is told afterwards, all of it.</summary>
internal static class ServedMaterial
{
    /// <param name="target">Where to connect.</param>
    /// <param name="sni">The name to ask for; null for the target's host.</param>
    /// <param name="anchors">What to trust; null for the roots of this machine.</param>
    /// <param name="timeout">For connection and handshake together.</param>
    /// <param name="time">Measures the timeout.</param>
    /// <param name="cancel">Ends the call.</param>
    public static async Task<Material> ConnectAsync(
        ServerAddress target, string? sni, IReadOnlyList<IssuedCertificate>? anchors, TimeSpan timeout, TimeProvider time, CancellationToken cancel)
    {
        string name = sni ?? target.Host;
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        using var handshake = new Handshake(name);
        try
        {
            await handshake.RunAsync(target, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new CommandException($"{target} gave no TLS handshake within {timeout.TotalSeconds:0} s: check address, port and firewalls, or give it more with --timeout.");
        }
        catch (SocketException failure)
        {
            throw new CommandException($"No connection to {target}: {failure.Message}.");
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            throw new CommandException($"{target} ended the TLS handshake for the name {name}: {Deepest(failure)}. Does it speak TLS on this port, and know this name?");
        }

        return Of(target, name, handshake, anchors ?? SystemRoots.Read(), anchors is null ? "the roots of this machine" : "the CA given");
    }

    private static Material Of(ServerAddress target, string name, Handshake handshake, IReadOnlyList<IssuedCertificate> anchors, string anchorsFrom)
    {
        try
        {
            return new Material
            {
                Source = $"Server {target}",
                Certificates = [.. handshake.Served.Take(Pem.MaxCertificates).Select(der => IssuedCertificate.Parse(der))],
                Anchors = anchors,
                AnchorsFrom = anchorsFrom,
                Facts = [new("Asked for", name), new("Protocol", handshake.Protocol)],
                Findings = [.. Findings(target, name, handshake, anchors)],
            };
        }
        catch (PkiException unreadable)
        {
            throw new CommandException($"What {target} serves cannot be read: {unreadable.Message}");
        }
    }

    private static IEnumerable<Finding> Findings(ServerAddress target, string name, Handshake handshake, IReadOnlyList<IssuedCertificate> anchors)
    {
        if (!handshake.MatchesName)
            yield return new("NameNotCovered", $"The certificate that {target} serves is not for {name}: browsers refuse it.");
        if (anchors.Count == 0)
            yield return new("NoRoots", "This machine has no root certificates to verify with: give the CA with --ca.");
    }

    private static string Deepest(Exception failure) => (failure.GetBaseException() as SocketException ?? failure.GetBaseException()).Message.TrimEnd('.');

    /// <summary>One handshake, and what came in it.</summary>
    private sealed class Handshake(string name) : IDisposable
    {
        private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

        public IReadOnlyList<byte[]> Served { get; private set; } = [];

        public bool MatchesName { get; private set; }

        public string Protocol { get; private set; } = "";

        public async Task RunAsync(ServerAddress target, CancellationToken cancel)
        {
            await _socket.ConnectAsync(target.Host, target.Port, cancel);
            await using var stream = new SslStream(new NetworkStream(_socket));
            await stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = name,
                    RemoteCertificateValidationCallback = (_, leaf, chain, _) => Keep(leaf, chain),
                    // Only what is served counts: nothing that is missing is fetched from elsewhere.
                    CertificateChainPolicy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck },
                },
                cancel);
            Protocol = stream.SslProtocol switch
            {
                SslProtocols.Tls13 => "TLS 1.3",
                SslProtocols.Tls12 => "TLS 1.2",
                var other => other.ToString(),
            };
        }

        public void Dispose() => _socket.Dispose();

        private bool Keep(X509Certificate? leaf, X509Chain? chain)
        {
            if (leaf is not X509Certificate2 served)
                return false;
            byte[] first = served.RawData;
            Served = [first, .. (chain?.ChainPolicy.ExtraStore ?? []).Select(certificate => certificate.RawData).Where(other => !other.AsSpan().SequenceEqual(first))];
            MatchesName = Uri.CheckHostName(name) != UriHostNameType.Unknown && served.MatchesHostname(name, allowWildcards: true, allowCommonName: false);
            return true;
        }
    }
}
