using System.Net;
using System.Net.Sockets;
using CertOperator.Acme.Protocol;

namespace CertOperator.Challenges.SelfChecks;

/// <summary>
/// Looks, as the CA will, whether a challenge is answered: at the addresses that the name has, and at those of the Ingress,
/// which answers also where the cluster cannot reach its own public address.
/// </summary>
internal sealed class SelfCheck(SelfCheckOptions options, TimeProvider time)
{
    /// <summary>Of a name, and of an Ingress.</summary>
    private const int MostAddresses = 4;

    /// <returns>What is wrong, one sentence; null if nothing was found.</returns>
    public async Task<string?> RunAsync(SelfCheckQuestion question, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        Task<Lookup> ofName = ResolveAsync(question.Name, either.Token);
        Task<Lookup[]> ofIngress = Task.WhenAll(question.IngressAddresses.Take(MostAddresses).Select(address => ResolveAsync(address, either.Token)));
        IPAddress[] ingress = [.. (await ofIngress).SelectMany(lookup => lookup.Addresses).Distinct().Take(MostAddresses)];
        Lookup name = await ofName;

        IPAddress[] all = [.. name.Addresses.Union(ingress)];
        ProbeResult[] results = await Task.WhenAll(all.Select(address => ingress.Contains(address) || options.AllowPrivateAddresses || PublicAddress.Is(address)
            ? HttpProbe.AskAsync(address, options.Port, question, either.Token)
            : Task.FromResult(new ProbeResult(address, ProbeOutcome.NotAsked))));
        cancel.ThrowIfCancellationRequested();
        return SelfCheckVerdict.Of(question, new SelfCheckFindings(
            name.IsKnown,
            [.. results.Where(result => name.Addresses.Contains(result.Address))],
            [.. results.Where(result => ingress.Contains(result.Address))]));
    }

    private async Task<Lookup> ResolveAsync(string host, CancellationToken deadline)
    {
        if (IPAddress.TryParse(host, out IPAddress? address))
            return new Lookup([address], IsKnown: true);
        try
        {
            // With a dot at the end no search domain is tried, which the CA would not know.
            IPAddress[] found = await options.Resolve($"{host.TrimEnd('.')}.", deadline).WaitAsync(deadline);
            return new Lookup([.. found.Take(MostAddresses)], IsKnown: true);
        }
        catch (SocketException failure)
        {
            return new Lookup([], IsKnown: failure.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData);
        }
        catch (Exception failure) when (failure is OperationCanceledException or ArgumentException)
        {
            return new Lookup([], IsKnown: false);
        }
    }

    /// <param name="Addresses">Those found.</param>
    /// <param name="IsKnown">Whether the DNS gave an answer at all, be it that there are none.</param>
    private sealed record Lookup(IPAddress[] Addresses, bool IsKnown);
}
