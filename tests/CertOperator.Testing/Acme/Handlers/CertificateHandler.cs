using System.Text.Json;
using System.Text.Json.Nodes;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Acme.State;

namespace CertOperator.Testing.Acme.Handlers;

/// <summary>Certificates: download, revocation (RFC 8555 sections 7.4.2 and 7.6) and renewal information (RFC 9773).</summary>
internal sealed class CertificateHandler(AcmeWorld world)
{
    private const int KeyCompromise = 1;

    private static readonly int[] Reasons = [0, KeyCompromise, 4, 5];
    private static readonly TimeSpan RenewalInfoInterval = TimeSpan.FromHours(6);

    public AcmeReply Get(SignedCall call)
    {
        if (call.Payload is not null) throw Refusal.Malformed("a certificate is read by POST-as-GET");
        var certificate = world.Certificates.GetValueOrDefault(call.Id) ?? throw Refusal.NotFound("the certificate");
        if (certificate.Account != call.Account) throw Refusal.Unauthorized("the certificate is another account's");
        var wanted = call.Call.Part;
        if (wanted >= certificate.Chains.Count) throw Refusal.NotFound("the chain");
        return Enumerable.Range(0, certificate.Chains.Count)
            .Where(chain => chain != wanted)
            .Aggregate(
                AcmeReply.Text(200, "application/pem-certificate-chain", certificate.Chains[wanted]),
                (reply, chain) => reply.WithLink("alternate", world.Urls.Of(AcmeEndpoint.Certificate, certificate.Id, chain)));
    }

    public AcmeReply Revoke(SignedCall call)
    {
        var der = Base64.Decode(call.Needed.Text("certificate"), "certificate");
        var certificate = world.Certificates.Values.FirstOrDefault(c => c.Leaf.RawData.AsSpan().SequenceEqual(der))
            ?? throw Refusal.NotFound("the certificate");
        var reason = call.Needed["reason"] switch
        {
            null => 0,
            JsonValue value when value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<int>(out var number) => number,
            _ => throw Refusal.Malformed("reason is not a number"),
        };
        if (!Reasons.Contains(reason)) throw Refusal.Of(400, "badRevocationReason", $"the reason {reason} is not allowed");
        var byItsKey = call.Signer is null;
        if (byItsKey ? !HasKey(certificate, call.Key) : !MayRevoke(call.Account, certificate))
        {
            throw Refusal.Unauthorized("the signer neither has the certificate's key, nor its account, nor all its names");
        }

        if (certificate.RevocationReason is not null) throw Refusal.Of(400, "alreadyRevoked", "the certificate is already revoked");
        certificate.RevocationReason = byItsKey ? KeyCompromise : reason;
        return new AcmeReply(200);
    }

    public AcmeReply RenewalInfo(AcmeCall call)
    {
        var certificate = world.Certificates.Values.FirstOrDefault(c => c.RenewalId == call.Id) ?? throw Refusal.NotFound("the certificate");
        return AcmeReply.Json(200, certificate.RenewalInfo?.DeepClone() ?? Window(certificate)).WithRetryAfter(RenewalInfoInterval) with { HasNonce = false };
    }

    private static bool HasKey(FakeCertificate certificate, PublicJwk key) =>
        certificate.Leaf.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.KeyInfo);

    private bool MayRevoke(FakeAccount account, FakeCertificate certificate) =>
        certificate.Account == account || certificate.Names.All(name => world.Authorizations.Values.Any(a =>
            a.Account == account && a.Name == name && a.Status == "valid" && a.Expires > world.Now));

    /// <summary>The beginning of the last third of the certificate's life, or the past when it is revoked.</summary>
    private JsonObject Window(FakeCertificate certificate)
    {
        var (notBefore, notAfter) = (new DateTimeOffset(certificate.Leaf.NotBefore), new DateTimeOffset(certificate.Leaf.NotAfter));
        var start = certificate.RevocationReason is null ? notAfter - (notAfter - notBefore) / 3 : world.Now - TimeSpan.FromHours(2);
        var width = certificate.RevocationReason is null ? (notAfter - notBefore) / 50 : TimeSpan.FromHours(1);
        return new JsonObject { ["suggestedWindow"] = new JsonObject { ["start"] = Dates.Text(start), ["end"] = Dates.Text(start + width) } };
    }
}
