using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Acme.State;

namespace CertOperator.Testing.Acme.Handlers;

/// <summary>External account binding (RFC 8555 section 7.3.4).</summary>
internal sealed class ExternalAccounts(AcmeWorld world)
{
    /// <summary>The binding of a new account, or null when it has none and needs none.</summary>
    public JsonObject? Check(JsonObject? binding, PublicJwk accountKey)
    {
        if (binding is null)
        {
            return world.Options.ExternalAccountRequired
                ? throw Refusal.Of(403, "externalAccountRequired", "new accounts must be bound to an external account")
                : null;
        }

        var jws = Jws.Read(binding);
        if (jws.Nonce is not null) throw Refusal.Malformed("the binding must have no nonce");
        if (jws.Url != world.Urls.Of(AcmeEndpoint.NewAccount).OriginalString) throw Refusal.Malformed("the binding is for another URL");
        if (PublicJwk.Read(jws.PayloadObject()).Thumbprint != accountKey.Thumbprint) throw Refusal.Malformed("the binding is for another key");
        var id = jws.KeyId ?? throw Refusal.Malformed("the binding needs a kid");
        if (!world.Options.ExternalAccountKeys.TryGetValue(id, out var key)) throw Refusal.Unauthorized($"there is no external account key {id}");
        if (!CryptographicOperations.FixedTimeEquals(Mac(jws, Base64.Decode(key, "the MAC key")), jws.Signature))
        {
            throw Refusal.Unauthorized("the MAC of the binding does not verify");
        }

        if (!world.BoundKeys.Add(id) && world.Options.ExternalAccountKeysAreSingleUse)
        {
            throw Refusal.Unauthorized($"the external account key {id} is already bound to an account");
        }

        return (JsonObject)binding.DeepClone();
    }

    private static byte[] Mac(Jws jws, byte[] key) => jws.Algorithm switch
    {
        "HS256" => HMACSHA256.HashData(key, jws.Input),
        "HS384" => HMACSHA384.HashData(key, jws.Input),
        "HS512" => HMACSHA512.HashData(key, jws.Input),
        var other => throw Refusal.Of(400, "badSignatureAlgorithm", $"{other} is no MAC that the binding may have"),
    };
}
