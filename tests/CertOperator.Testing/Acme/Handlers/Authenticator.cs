using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Acme.State;

namespace CertOperator.Testing.Acme.Handlers;

/// <summary>From a POST to a request that is signed, fresh, and meant for this URL (RFC 8555 section 6).</summary>
internal sealed class Authenticator(AcmeWorld world)
{
    public SignedCall Authenticate(AcmeCall call)
    {
        if (call.ContentType != "application/jose+json")
        {
            throw Refusal.Of(415, "malformed", $"the content type must be application/jose+json and nothing more, not {call.ContentType}");
        }

        var jws = Jws.Parse(call.Body);
        if (jws.Url != call.Url) throw Refusal.Of(401, "unauthorized", $"the JWS is for {jws.Url}, and was sent to {call.Url}");
        var (key, account) = Signer(jws, call.Endpoint);
        jws.Verify(key);
        world.Nonces.Take(jws.Nonce);
        if (account is { Status: not "valid" }) throw Refusal.Unauthorized($"the account is {account.Status}");
        return new SignedCall(call, key, account, jws.Payload.Length == 0 ? null : jws.PayloadObject());
    }

    private (PublicJwk Key, FakeAccount? Account) Signer(Jws jws, AcmeEndpoint endpoint)
    {
        if (jws.Jwk is { } jwk)
        {
            return endpoint is AcmeEndpoint.NewAccount or AcmeEndpoint.RevokeCertificate
                ? (PublicJwk.Read(jwk), null)
                : throw Refusal.Malformed("this request needs a kid, not a jwk");
        }

        if (endpoint == AcmeEndpoint.NewAccount) throw Refusal.Malformed("newAccount needs a jwk, not a kid");
        var account = world.Accounts.Values.FirstOrDefault(a => world.UrlOf(a).OriginalString == jws.KeyId)
            ?? throw Refusal.Of(400, "accountDoesNotExist", $"there is no account {jws.KeyId}");
        return (account.Key, account);
    }
}
