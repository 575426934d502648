using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Acme.State;

namespace CertOperator.Testing.Acme.Handlers;

/// <summary>The directory (RFC 8555 section 7.1.1).</summary>
internal sealed class DirectoryHandler(AcmeWorld world)
{
    public AcmeReply Get()
    {
        var body = new JsonObject
        {
            ["newNonce"] = Url(AcmeEndpoint.NewNonce),
            ["newAccount"] = Url(AcmeEndpoint.NewAccount),
            ["newOrder"] = Url(AcmeEndpoint.NewOrder),
            ["revokeCert"] = Url(AcmeEndpoint.RevokeCertificate),
            ["keyChange"] = Url(AcmeEndpoint.KeyChange),
            // A member that no client knows, another one each time.
            [RandomNumberGenerator.GetHexString(12, lowercase: true)] = "https://ca.example/why-this-is-here",
            ["meta"] = Meta(),
        };
        if (world.Options.HasRenewalInfo) body["renewalInfo"] = Url(AcmeEndpoint.RenewalInfo);
        return AcmeReply.Json(200, body) with { HasNonce = false };
    }

    private JsonObject Meta()
    {
        var meta = new JsonObject
        {
            ["website"] = "https://ca.example/",
            ["caaIdentities"] = new JsonArray("ca.example"),
            ["externalAccountRequired"] = world.Options.ExternalAccountRequiredAsTold ?? world.Options.ExternalAccountRequired,
        };
        if (world.Options.AccountHashPrefix is { } prefix)
        {
            meta["accountHashPrefix"] = prefix;
            meta["issuerDomainNames"] = new JsonArray("ca.example");
        }

        if ((world.Behaviour.NewTermsOfService ?? world.Options.TermsOfService) is { } terms) meta["termsOfService"] = terms;
        if (world.Options.Profiles.Count > 0)
        {
            meta["profiles"] = new JsonObject(world.Options.Profiles.Keys.Select(name => KeyValuePair.Create(name, (JsonNode?)$"The profile {name}")));
        }

        return meta;
    }

    private string Url(AcmeEndpoint endpoint) => world.Urls.Of(endpoint).OriginalString;
}
