using System.Net;
using CertOperator.Acme.Protocol;
using CertOperator.Network;

namespace CertOperator.Challenges.SelfChecks;

/// <summary>
/// Looks, as the CA will, whether a challenge is answered: at the addresses that the name has, and at those of the Ingress,
/// which answers also where the cluster cannot reach its own public address.
/// </summary>
internal sealed class SelfCheck(SelfCheckOptions options, TimeProvider time)
{
    /// <returns>What is wrong, one sentence; null if nothing was found.</returns>
    public async Task<string?> RunAsync(SelfCheckQuestion question, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        Task<NameLookup> ofName = ResolveAsync(question.Name, either.Token);
        Task<NameLookup[]> ofIngress = Task.WhenAll(question.IngressAddresses.Take(NameLookup.MostAddresses).Select(address => ResolveAsync(address, either.Token)));
        IPAddress[] ingress = [.. (await ofIngress).SelectMany(lookup => lookup.Addresses).Distinct().Take(NameLookup.MostAddresses)];
        NameLookup name = await ofName;

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

    private Task<NameLookup> ResolveAsync(string host, CancellationToken deadline) => NameLookup.FindAsync(host, options.Resolve, deadline);
}
