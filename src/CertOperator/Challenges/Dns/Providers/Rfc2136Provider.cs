using System.Net;
using System.Security.Cryptography;
using CertOperator.Api;
using CertOperator.Challenges.Dns.Resolution;
using CertOperator.Challenges.Dns.Wire;

namespace CertOperator.Challenges.Dns.Providers;

/// <summary>
/// Any name server that takes dynamic updates (RFC 2136), signed with a shared key (TSIG, RFC 8945). Adding and removing one
/// record of a set are operations of the protocol, so other writers are never in the way.
/// <code>
/// rfc2136:
///   nameserver: ns1.example.com:53
///   tsigKeyName: acme
///   tsigAlgorithm: HMACSHA256
///   tsigSecretSecretRef: {name: dns, key: tsig-secret-key}   # base64, as the server's configuration has it
/// </code>
/// </summary>
internal sealed class Rfc2136Provider(Rfc2136Spec spec, DnsProviderContext context) : IDnsProvider
{
    private const string UsualKey = "tsig-secret-key";

    public Task AddAsync(TxtRecord record, CancellationToken cancel) => UpdateAsync(record, DnsClass.In, TxtRecord.Ttl, "added", cancel);

    public Task RemoveAsync(TxtRecord record, CancellationToken cancel) => UpdateAsync(record, DnsClass.None, 0, "removed", cancel);

    private async Task UpdateAsync(TxtRecord record, DnsClass dnsClass, uint ttl, string done, CancellationToken cancel)
    {
        TsigKey? key = await KeyAsync(cancel);
        IPEndPoint server = await NameServers.ResolveAsync(spec.Nameserver, context.Services.Guard, cancel);
        ushort id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
        byte[] message = DnsWriter.UpdateTxt(id, record.Zone, record.Name, record.Value, dnsClass, ttl);
        byte[] mac = [];
        if (key is not null)
            (message, mac) = key.Sign(message, context.Services.Time.GetUtcNow());

        bool overTcp = spec.Protocol == "TCP" || message.Length > DnsWriter.DatagramLimit;
        byte[] bytes = await DnsTransport.ExchangeAsync(server, message, overTcp, context.Services.Time, cancel);
        DnsMessage answer = DnsReader.Read(bytes);
        if (answer.Code != DnsResponseCode.NoError)
            throw new DnsException($"The name server {spec.Nameserver} has not {done} the TXT record at {record.Name}: {Reason(answer.Code, record.Zone)}");
        if (key?.Verifies(bytes, answer, mac, context.Services.Time.GetUtcNow()) == false)
            throw new DnsException($"The answer of the name server {spec.Nameserver} is not signed with {key}: somebody else answered, or the clocks differ.");
    }

    private async Task<TsigKey?> KeyAsync(CancellationToken cancel)
    {
        if (spec.TsigKeyName is not { } name || spec.TsigSecretSecretRef is not { } reference)
            return null;

        string secret = await context.Secrets.ReadAsync(reference, UsualKey, "the TSIG key", cancel);
        try
        {
            return new TsigKey(name, spec.TsigAlgorithm ?? "HMACSHA256", Convert.FromBase64String(secret));
        }
        catch (FormatException)
        {
            throw new DnsException($"The TSIG key in the Secret {context.Secrets.Namespace}/{reference.Name} is not base64: store it as the server's configuration has it.");
        }
    }

    private static string Reason(DnsResponseCode code, string zone) => code switch
    {
        DnsResponseCode.Refused => "it refuses updates from here; allow the key to change TXT records.",
        DnsResponseCode.NotAuthoritative => $"it does not know the key or does not serve {zone}; compare name, algorithm and secret of the key, and name the primary server.",
        DnsResponseCode.NotZone => $"the name is not in its zone {zone}.",
        DnsResponseCode.NotImplemented => "it takes no dynamic updates.",
        DnsResponseCode.ServerFailure => "it failed; see its log.",
        _ => $"it answers {code}.",
    };
}
