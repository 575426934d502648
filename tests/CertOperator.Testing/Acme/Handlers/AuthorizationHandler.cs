using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Acme.State;

namespace CertOperator.Testing.Acme.Handlers;

/// <summary>Authorizations and challenges (RFC 8555 section 7.5).</summary>
internal sealed class AuthorizationHandler(AcmeWorld world)
{
    /// <summary>An authorization for a name of a new order; a valid one of the account if those are used again.</summary>
    public FakeAuthorization For(FakeAccount account, OrderedName name)
    {
        var reused = world.Authorizations.Values.FirstOrDefault(a =>
            a.Account == account && a.Name == name && a.Status == "valid" && a.Expires > world.Now);
        if (reused is not null && world.Options.ReusesAuthorizations) return reused;
        var authorization = new FakeAuthorization(world.NewId(), account, name, world.Now + world.Options.OrderLifetime);
        foreach (var type in world.Options.ChallengeTypes.Where(type => Suits(type, name)))
        {
            var challenge = new FakeChallenge(world.NewId(), type, Base64.Encode(RandomNumberGenerator.GetBytes(24)), authorization);
            authorization.Challenges.Add(challenge);
            world.Challenges.Add(challenge.Id, challenge);
        }

        world.Authorizations.Add(authorization.Id, authorization);
        return authorization;
    }

    public async Task<AcmeReply> GetAsync(SignedCall call)
    {
        var authorization = Own(call, world.Authorizations.GetValueOrDefault(call.Id));
        await AdvanceAsync(authorization);
        if (call.Payload is { } payload)
        {
            if (payload.Text("status") != "deactivated") throw Refusal.Malformed("an authorization can only be deactivated");
            if (authorization.Status is not ("pending" or "valid")) throw Refusal.Malformed($"the authorization is {authorization.Status}");
            authorization.Status = "deactivated";
        }

        return WithRetryAfter(AcmeReply.Json(200, Show(authorization)), authorization);
    }

    /// <summary>The client says that a challenge is met (RFC 8555 section 7.5.1).</summary>
    public async Task<AcmeReply> AnswerAsync(SignedCall call)
    {
        var challenge = world.Challenges.GetValueOrDefault(call.Id);
        var authorization = Own(call, challenge?.Authorization);
        if (call.Payload is { } payload)
        {
            payload.Only("the answer to a challenge");
            if (authorization.Status != "pending") throw Refusal.Malformed($"the authorization is {authorization.Status}");
            if (challenge!.Status == "pending") challenge.Status = "processing";
            authorization.Looks = 0;
            if (world.Behaviour.ValidatesAtOnce) await JudgeAsync(challenge);
        }

        var reply = AcmeReply.Json(200, Show(challenge!)).WithLink("up", world.Urls.Of(AcmeEndpoint.Authorization, authorization.Id));
        return WithRetryAfter(reply, authorization);
    }

    /// <summary>Time and looks move an authorization on (RFC 8555 section 7.1.6).</summary>
    public async Task AdvanceAsync(FakeAuthorization authorization)
    {
        if (authorization.Expires <= world.Now)
        {
            if (authorization.Status is "pending" or "valid") authorization.Status = authorization.Status == "valid" ? "expired" : "invalid";
        }
        else if (authorization.Challenges.Find(c => c.Status == "processing") is { } challenge
            && authorization.Looks++ >= world.Behaviour.LooksUntilValidated)
        {
            await JudgeAsync(challenge);
        }
    }

    // A wildcard is proven by DNS, an address by anything but DNS (RFC 8555 section 7.1.3, RFC 8738 section 7).
    private static bool Suits(string type, OrderedName name) => type.StartsWith("dns-", StringComparison.Ordinal)
        ? name.Type == "dns"
        : !name.IsWildcard;

    private static FakeAuthorization Own(SignedCall call, FakeAuthorization? authorization)
    {
        if (authorization is null) throw Refusal.NotFound("the authorization");
        return authorization.Account == call.Account ? authorization : throw Refusal.Unauthorized("the authorization is another account's");
    }

    private async Task JudgeAsync(FakeChallenge challenge)
    {
        var authorization = challenge.Authorization;
        var attempt = new ChallengeAttempt(
            challenge.Type,
            authorization.Name.Base,
            challenge.Token,
            $"{challenge.Token}.{authorization.Account.Key.Thumbprint}",
            world.UrlOf(authorization.Account))
        {
            IsForWildcard = authorization.Name.IsWildcard,
        };
        challenge.Error = world.Behaviour.Validate is { } validate ? await validate(attempt) : null;
        if (challenge.Error is { MayBeTriedAgain: true })
        {
            challenge.Status = "pending";
            return;
        }

        var failed = challenge.Error is not null;
        challenge.Status = authorization.Status = failed ? "invalid" : "valid";
        if (failed) return;
        challenge.Validated = world.Now;
        authorization.Expires = world.Now + world.Options.AuthorizationLifetime;
        authorization.Challenges.RemoveAll(other => other != challenge);
    }

    private AcmeReply WithRetryAfter(AcmeReply reply, FakeAuthorization authorization) =>
        authorization.Challenges.Exists(c => c.Status == "processing") && world.Behaviour.RetryAfter is { } wait
            ? reply.With("Retry-After", wait)
            : reply;

    private JsonObject Show(FakeAuthorization authorization)
    {
        var body = new JsonObject
        {
            ["identifier"] = authorization.Name.Base.ToJson(),
            ["status"] = authorization.Status,
            ["expires"] = Dates.Text(authorization.Expires),
            ["challenges"] = new JsonArray([.. authorization.Challenges.Select(c => (JsonNode)Show(c))]),
        };
        if (authorization.Name.IsWildcard) body["wildcard"] = true;
        return body;
    }

    private JsonObject Show(FakeChallenge challenge)
    {
        var body = new JsonObject
        {
            ["type"] = challenge.Type,
            ["url"] = world.Urls.Of(AcmeEndpoint.Challenge, challenge.Id).OriginalString,
            ["status"] = challenge.Status,
        };
        if (challenge.Type != "dns-persist-01")
        {
            body["token"] = challenge.Token;
        }
        else if (world.Options.AccountHashPrefix is not null)
        {
            body["issuerDomainNames"] = new JsonArray("ca.example", "other.example");
        }
        else
        {
            body["issuer-domain-names"] = new JsonArray("ca.example", "other.example");
            body["accounturi"] = world.UrlOf(challenge.Authorization.Account).OriginalString;
        }

        if (challenge.Validated is { } validated) body["validated"] = Dates.Text(validated);
        if (challenge.Error is { } error) body["error"] = error.ToJson();
        return body;
    }
}
