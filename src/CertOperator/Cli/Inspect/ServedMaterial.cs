using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using CertOperator.Network;
using CertOperator.Pki;

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
        TlsHandshake handshake;
        try
        {
            handshake = await TlsHandshake.RunAsync(new DnsEndPoint(target.Host, target.Port), name, either.Token);
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

    private static Material Of(ServerAddress target, string name, TlsHandshake handshake, IReadOnlyList<IssuedCertificate> anchors, string anchorsFrom)
    {
        try
        {
            return new Material
            {
                Source = $"Server {target}",
                Certificates = [.. handshake.Certificates.Select(der => IssuedCertificate.Parse(der))],
                Anchors = anchors,
                AnchorsFrom = anchorsFrom,
                Facts = [new("Asked for", name), new("Protocol", handshake.Protocol ?? "broken off after the certificate, perhaps for want of one of the client")],
                Findings = [.. Findings(target, name, handshake, anchors)],
            };
        }
        catch (PkiException unreadable)
        {
            throw new CommandException($"What {target} serves cannot be read: {unreadable.Message}");
        }
    }

    private static IEnumerable<Finding> Findings(ServerAddress target, string name, TlsHandshake handshake, IReadOnlyList<IssuedCertificate> anchors)
    {
        if (!handshake.MatchesName)
            yield return new("NameNotCovered", $"The certificate that {target} serves is not for {name}: browsers refuse it.");
        if (anchors.Count == 0)
            yield return new("NoRoots", "This machine has no root certificates to verify with: give the CA with --ca.");
    }

    private static string Deepest(Exception failure) => (failure.GetBaseException() as SocketException ?? failure.GetBaseException()).Message.TrimEnd('.');
}
