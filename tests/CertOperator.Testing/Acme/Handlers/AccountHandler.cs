using System.Text.Json.Nodes;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Acme.State;

namespace CertOperator.Testing.Acme.Handlers;

/// <summary>Accounts (RFC 8555 section 7.3).</summary>
internal sealed class AccountHandler(AcmeWorld world)
{
    private readonly ExternalAccounts _externalAccounts = new(world);

    public AcmeReply Create(SignedCall call)
    {
        var payload = call.Needed;
        if (Find(call.Key) is { } existing)
        {
            return existing.Status == "valid" ? Show(existing, 200) : throw Refusal.Unauthorized($"the account is {existing.Status}");
        }

        if (payload.Flag("onlyReturnExisting")) throw Refusal.Of(400, "accountDoesNotExist", "no account has this key");
        if (!payload.Flag("termsOfServiceAgreed")) RefuseTerms();
        var binding = _externalAccounts.Check(payload.OptionalObject("externalAccountBinding"), call.Key);
        var account = new FakeAccount(world.NewId(), call.Key)
        {
            Contact = Contact(payload),
            ExternalAccountBinding = binding,
        };
        world.Accounts.Add(account.Id, account);
        return Show(account, 201);
    }

    public AcmeReply Update(SignedCall call)
    {
        var account = Own(call);
        if (call.Payload is { } payload)
        {
            account.Contact = Contact(payload) ?? account.Contact;
            account.Status = payload.OptionalText("status") switch
            {
                null => account.Status,
                "deactivated" => "deactivated",
                var other => throw Refusal.Malformed($"an account cannot be made {other}"),
            };
        }

        return Show(account, 200);
    }

    /// <summary>RFC 8555 section 7.1.2.1.</summary>
    public AcmeReply Orders(SignedCall call)
    {
        if (call.Payload is not null) throw Refusal.Malformed("the orders list is read by POST-as-GET");
        var account = Own(call);
        var all = world.Orders.Values.Where(order => order.Account == account && order.Status != "invalid").Select(order => world.UrlOf(order)).ToList();
        var (page, size) = (call.Call.Part, world.Options.OrdersPerPage);
        var reply = AcmeReply.Json(200, new JsonObject
        {
            ["orders"] = new JsonArray([.. all.Skip(page * size).Take(size).Select(url => (JsonNode)url.OriginalString)]),
        });
        return all.Count > (page + 1) * size ? reply.WithLink("next", world.Urls.Of(AcmeEndpoint.Orders, account.Id, page + 1)) : reply;
    }

    /// <summary>RFC 8555 section 7.3.5.</summary>
    public AcmeReply ChangeKey(SignedCall call)
    {
        var inner = Jws.Read(call.Needed);
        var key = PublicJwk.Read(inner.Jwk ?? throw Refusal.Malformed("the inner JWS needs a jwk"));
        inner.Verify(key);
        if (inner.Nonce is not null) throw Refusal.Malformed("the inner JWS must have no nonce");
        if (inner.Url != call.Call.Url) throw Refusal.Malformed("the inner JWS is for another URL");
        var payload = inner.PayloadObject();
        if (payload.Text("account") != world.UrlOf(call.Account).OriginalString) throw Refusal.Malformed("the inner payload names another account");
        var old = PublicJwk.Read(payload.OptionalObject("oldKey") ?? throw Refusal.Malformed("oldKey is missing"));
        if (old.Thumbprint != call.Account.Key.Thumbprint) throw Refusal.Malformed("oldKey is not the account's key");
        if (Find(key) is { } other)
        {
            throw new Refusal(AcmeReply.Problem(409, "malformed", "another account has this key").With("Location", world.UrlOf(other)));
        }

        call.Account.Key = key;
        return Show(call.Account, 200);
    }

    private static JsonArray? Contact(JsonObject payload)
    {
        var contact = payload.OptionalArray("contact");
        foreach (var url in (contact ?? []).Select(node => (string?)node ?? ""))
        {
            if (!url.StartsWith("mailto:", StringComparison.Ordinal)) throw Refusal.Of(400, "unsupportedContact", $"the scheme of {url} is not supported");
            if (url.AsSpan().ContainsAny("?,") || !url.Contains('@', StringComparison.Ordinal))
            {
                throw Refusal.Of(400, "invalidContact", $"{url} is not one address");
            }
        }

        return (JsonArray?)contact?.DeepClone();
    }

    private FakeAccount? Find(PublicJwk key) => world.Accounts.Values.FirstOrDefault(account => account.Key.Thumbprint == key.Thumbprint);

    private FakeAccount Own(SignedCall call) =>
        call.Id == call.Account.Id ? call.Account : throw Refusal.Unauthorized("this is another account");

    private void RefuseTerms()
    {
        if (world.Options.TermsOfService is not { } terms) return;
        var reply = AcmeReply.Problem(403, "userActionRequired", "the terms of service must be agreed to", new JsonObject { ["instance"] = terms });
        throw new Refusal(reply.WithLink("terms-of-service", new Uri(terms)));
    }

    private AcmeReply Show(FakeAccount account, int status)
    {
        var body = new JsonObject { ["status"] = account.Status, ["orders"] = world.Urls.Of(AcmeEndpoint.Orders, account.Id).OriginalString };
        if (account.Contact is { } contact) body["contact"] = contact.DeepClone();
        if (account.ExternalAccountBinding is { } binding) body["externalAccountBinding"] = binding.DeepClone();
        return AcmeReply.Json(status, body).With("Location", world.UrlOf(account));
    }
}
