using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using CertOperator.Network;
using CertOperator.Pki;
using CertOperator.Telemetry;

namespace CertOperator.Controllers.Served;

/// <summary>Asks an address what it serves for a host: where it may, when it may, and as much as it may.</summary>
internal sealed class ServedProber(ServedOptions options, TimeProvider time)
{
    /// <summary>Thousands of Ingresses may have one load balancer's name as their address.</summary>
    private static readonly TimeSpan LookupHolds = TimeSpan.FromMinutes(1);

    private readonly ProbeGate _gate = new(options.Gap);
    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, NameLookup Found)> _lookups = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="target">What is asked.</param>
    /// <param name="hasPlace">It is the time that a former call gave.</param>
    /// <param name="fingerprint">Of the certificate that should be served.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>What was seen; or when to come back.</returns>
    public async Task<(Sighting? Seen, DateTimeOffset Until)> AskAsync(ServedTarget target, bool hasPlace, string fingerprint, CancellationToken cancel)
    {
        NameLookup lookup = await ResolveAsync(target.Address, cancel);
        DateTimeOffset now = time.GetUtcNow();
        if (lookup.Addresses.Length == 0)
            return (Counted(new Sighting(now, SightingOutcome.NotResolved)), now);
        // All or none: a name that leads to the operator's own machine among others is up to something.
        if (Array.Find(lookup.Addresses, address => ForbiddenAddress.Is(address, options.AllowLoopback)) is { } forbidden)
            return (Counted(new Sighting(now, SightingOutcome.NotAllowed, forbidden)), now);

        List<Sighting> sightings = [.. lookup.Addresses.Select(address => _gate.FailureOf(address, now) is { } known ? new Sighting(now, known, address) : null).OfType<Sighting>()];
        IPAddress[] open = [.. lookup.Addresses.Except(sightings.Select(sighting => sighting.Address!))];
        if (open.Length > 0 && _gate.Enter(open, hasPlace, now) is { } place)
            return (null, place);

        var seen = new List<Sighting>();
        try
        {
            foreach (IPAddress address in open)
                seen.Add(Counted(await AskAsync(address, target.ServerName, cancel)));
        }
        finally
        {
            _gate.Leave(open, seen);
        }

        return (Sighting.Worst([.. seen, .. sightings], fingerprint), now);

        Sighting Counted(Sighting sighting)
        {
            OperatorMetrics.Probed(sighting.Shows(fingerprint) ? "Served" : sighting.Leaf is null ? sighting.Outcome.ToString() : "OtherCertificate");
            return sighting;
        }
    }

    private async Task<Sighting> AskAsync(IPAddress address, string name, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        try
        {
            TlsHandshake handshake = await TlsHandshake.RunAsync(new IPEndPoint(address, options.Port), name, either.Token);
            return new Sighting(time.GetUtcNow(), SightingOutcome.Seen, address, ServedLeaf.Of(IssuedCertificate.Parse(handshake.Certificates[0]), handshake.MatchesName));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new Sighting(time.GetUtcNow(), SightingOutcome.TimedOut, address);
        }
        catch (Exception failure) when (failure is SocketException or AuthenticationException or IOException or PkiException)
        {
            return new Sighting(time.GetUtcNow(), ConnectFailures.Of(failure) switch
            {
                ConnectFailure.Refused => SightingOutcome.Refused,
                ConnectFailure.TimedOut => SightingOutcome.TimedOut,
                ConnectFailure.NoRoute => SightingOutcome.NoRoute,
                _ => SightingOutcome.NoTls,
            }, address);
        }
    }

    private async Task<NameLookup> ResolveAsync(string host, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (_lookups.TryGetValue(host, out var known) && known.Until > now)
            return known.Found;
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        NameLookup found = await NameLookup.FindAsync(host, options.Resolve, either.Token);
        cancel.ThrowIfCancellationRequested();
        if (!IPAddress.TryParse(host, out _))
        {
            foreach (var (old, _) in _lookups.Where(pair => pair.Value.Until <= now))
                _lookups.TryRemove(old, out _);
            _lookups[host] = (now + LookupHolds, found);
        }

        return found;
    }
}
