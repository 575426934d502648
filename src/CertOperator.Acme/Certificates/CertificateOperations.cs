using System.Buffers.Text;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using CertOperator.Acme.Accounts;
using CertOperator.Acme.Errors;
using CertOperator.Acme.Jose;
using CertOperator.Acme.Protocol;
using CertOperator.Acme.Protocol.Wire;
using CertOperator.Acme.Renewal;

namespace CertOperator.Acme.Certificates;

/// <summary>Everything that is done with certificates: download, revocation (RFC 8555 sections 7.4.2, 7.6), renewal information (RFC 9773).</summary>
public sealed class CertificateOperations
{
    private const string PemChainType = "application/pem-certificate-chain";
    private const string SingleType = "application/pkix-cert";
    private const string Accepted = $"{PemChainType}, {SingleType};q=0.5";

    private readonly AcmeSession _session;

    internal CertificateOperations(AcmeSession session) => _session = session;

    /// <summary>Downloads a certificate. Other chains are looked at only if there is a preference that the first does not meet.</summary>
    public async Task<DownloadedChain> DownloadAsync(AcmeAccount account, Uri certificate, ChainPreference? preference = null, CancellationToken cancellationToken = default)
    {
        var (first, alternates) = await ReadChainAsync(account, certificate, cancellationToken).ConfigureAwait(false);
        if (preference is null || Meets(first, preference)) return new DownloadedChain(first, IsPreferred: true);
        var chains = new List<AcmeChain> { first };
        foreach (var alternate in alternates)
        {
            var (chain, _) = await ReadChainAsync(account, alternate, cancellationToken).ConfigureAwait(false);
            if (Meets(chain, preference)) return new DownloadedChain(chain, IsPreferred: true);
            chains.Add(chain);
        }
        return preference.Shortest && preference.IssuerCommonName is null
            ? new DownloadedChain(chains.MinBy(chain => chain.Certificates.Count)!, IsPreferred: true)
            : new DownloadedChain(first, IsPreferred: false);
    }

    /// <summary>Revokes a certificate on behalf of the account that got it. That it is revoked already is success.</summary>
    /// <param name="account">The account that ordered it, or one that may issue for all its names.</param>
    /// <param name="certificate">The certificate in DER.</param>
    /// <param name="reason">Null for none; CAs take few of them.</param>
    /// <param name="cancellationToken">Cancels the wait for the answer.</param>
    public Task RevokeAsync(AcmeAccount account, ReadOnlyMemory<byte> certificate, RevocationReason? reason = null, CancellationToken cancellationToken = default)
        => RevokeAsync(account.Key, account.Url, certificate, reason, cancellationToken);

    /// <summary>Revokes a certificate by its own key, as whoever finds a leaked one can.</summary>
    public Task RevokeAsync(AccountKey certificateKey, ReadOnlyMemory<byte> certificate, RevocationReason? reason = null, CancellationToken cancellationToken = default)
        => RevokeAsync(certificateKey, account: null, certificate, reason, cancellationToken);

    /// <summary>When the CA wants a certificate renewed; null if it gives no such information, or none that makes sense (RFC 9773 section 4).</summary>
    public async Task<RenewalInfo?> GetRenewalInfoAsync(CertificateId certificate, CancellationToken cancellationToken = default)
    {
        var directory = await _session.Directory.GetAsync(cancellationToken).ConfigureAwait(false);
        if (directory.RenewalInfo is not { } renewalInfo) return null;
        var url = AcmeUri.Parse($"{renewalInfo.OriginalString.TrimEnd('/')}/{certificate}", _session.AllowHttp)
            ?? throw Failures.Unreadable(AcmeStage.RenewalInfo, renewalInfo, "the address of the renewal information is too long");
        var reply = await _session.GetAsync(AcmeStage.RenewalInfo, HttpMethod.Get, url, cancellationToken).ConfigureAwait(false);
        return RenewalInfo.Read(reply);
    }

    private async Task RevokeAsync(AccountKey key, Uri? account, ReadOnlyMemory<byte> certificate, RevocationReason? reason, CancellationToken cancel)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(
            new RevocationPayload(Base64Url.EncodeToString(certificate.Span), (int?)reason), WireJson.Default.RevocationPayload);
        try
        {
            await _session.PostAsync(
                directory => directory.RevokeCertificate ?? throw Failures.Unsupported(AcmeStage.Revocation, directory.Url, "revocation"),
                url => new AcmeCall(AcmeStage.Revocation, url, payload, key, account) { IsRepeatable = true },
                cancel).ConfigureAwait(false);
        }
        catch (AcmeException failure) when (failure.Failure.Problem?.Type == ProblemTypes.AlreadyRevoked)
        {
            // What was wanted is so; perhaps it is the answer to this very request that was lost.
        }
    }

    private async Task<(AcmeChain Chain, IReadOnlyList<Uri> Alternates)> ReadChainAsync(AcmeAccount account, Uri url, CancellationToken cancel)
    {
        var reply = await ReadCertificateAsync(account, url, cancel).ConfigureAwait(false);
        var certificates = new List<ReadOnlyMemory<byte>>(Certificates(reply));
        var last = reply;
        // The older format has one certificate to a resource, and a link to the next one up.
        while (last.MediaType == SingleType && last.Link("up") is { } up && certificates.Count < AcmeLimits.Certificates)
        {
            last = await ReadCertificateAsync(account, up, cancel).ConfigureAwait(false);
            certificates.AddRange(Certificates(last));
        }
        var alternates = reply.Links.Where(link => link.Relation == "alternate").Select(link => link.Target).Distinct().Take(AcmeLimits.Alternates);
        return (new AcmeChain(certificates, url), [.. alternates]);
    }

    private Task<AcmeReply> ReadCertificateAsync(AcmeAccount account, Uri url, CancellationToken cancel)
        => _session.PostAsync(AcmeCall.Read(AcmeStage.Certificate, url, account) with { Accept = Accepted, MaxBytes = AcmeLimits.Chain }, cancel);

    private static IReadOnlyList<ReadOnlyMemory<byte>> Certificates(AcmeReply reply)
    {
        if (reply.MediaType == SingleType)
            return PemChain.IsCertificate(reply.Body.Span) ? [reply.Body] : throw Failures.Unreadable(AcmeStage.Certificate, reply.Url, "it cannot be parsed");
        var (certificates, problem) = PemChain.Read(reply.Body.Span, AcmeLimits.Certificates);
        return certificates ?? throw Failures.Unreadable(AcmeStage.Certificate, reply.Url, problem);
    }

    private static bool Meets(AcmeChain chain, ChainPreference preference)
    {
        if (preference.IssuerCommonName is not { } name) return !preference.Shortest;
        using var top = X509CertificateLoader.LoadCertificate(chain.Certificates[^1].Span);
        return top.IssuerName.EnumerateRelativeDistinguishedNames()
            .Any(part => !part.HasMultipleElements && part.GetSingleElementType().Value == "2.5.4.3" && part.GetSingleElementValue() == name);
    }
}
