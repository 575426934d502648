using System.Globalization;
using System.Text.Json.Nodes;
using CertOperator.Testing.Acme.Faults;
using CertOperator.Testing.Acme.Protocol;
using CertOperator.Testing.Acme.State;

namespace CertOperator.Testing.Acme.Handlers;

/// <summary>Orders (RFC 8555 section 7.4).</summary>
internal sealed class OrderHandler(AcmeWorld world, AuthorizationHandler authorizations)
{
    private readonly Issuer _issuer = new(world);

    public async Task<AcmeReply> CreateAsync(SignedCall call)
    {
        var payload = call.Needed;
        var names = NameReader.Read(payload);
        var profile = Profile(payload.OptionalText("profile"));
        var predecessor = Predecessors.Find(world, payload.OptionalText("replaces"), call.Account, names);
        if (Open(call.Account, names, profile) is not { } order)
        {
            order = new FakeOrder(world.NewId(), call.Account, names, world.Now + world.Options.OrderLifetime)
            {
                Profile = profile,
                Replaces = predecessor,
                NotBefore = Date(payload, "notBefore"),
                NotAfter = Date(payload, "notAfter"),
            };
            // Last first: authorizations are in no order that clients may rely on.
            order.Authorizations.AddRange(names.Reverse().Select(name => authorizations.For(call.Account, name)));
            world.Orders.Add(order.Id, order);
        }

        await AdvanceAsync(order);
        return Show(order, 201).With("Location", world.UrlOf(order));
    }

    public async Task<AcmeReply> GetAsync(SignedCall call)
    {
        if (call.Payload is not null) throw Refusal.Malformed("an order is read by POST-as-GET");
        var order = Own(call);
        await AdvanceAsync(order);
        return Show(order, 200);
    }

    /// <summary>The reply has no Location: the order's URL is only told by newOrder.</summary>
    public async Task<AcmeReply> FinalizeAsync(SignedCall call)
    {
        var order = Own(call);
        var request = call.Needed.Text("csr");
        await AdvanceAsync(order);
        if (order.Status != "ready") throw Refusal.Of(403, "orderNotReady", $"the order is {order.Status}");
        order.KeyInfo = SigningRequests.Check(Base64.Decode(request, "csr"), order);
        order.Enter("processing");
        if (world.Behaviour.FinalizesAtOnce) await AdvanceAsync(order);
        return Show(order, 200);
    }

    private static DateTimeOffset? Date(JsonObject payload, string member)
    {
        if (payload.OptionalText(member) is not { } text) return null;
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date
            : throw Refusal.Malformed($"{member} is not a date");
    }

    private string? Profile(string? wanted) => wanted is null || world.Options.Profiles.ContainsKey(wanted)
        ? wanted
        : throw Refusal.Of(400, "invalidProfile", $"there is no profile {wanted}");

    private FakeOrder? Open(FakeAccount account, IReadOnlyList<OrderedName> names, string? profile) => !world.Options.ReusesOrders
        ? null
        : world.Orders.Values.FirstOrDefault(order =>
            order.Account == account && order.Status is "pending" or "ready" && order.Profile == profile
            && order.Expires > world.Now && order.Names.SequenceEqual(names));

    private FakeOrder Own(SignedCall call)
    {
        var order = world.Orders.GetValueOrDefault(call.Id) ?? throw Refusal.NotFound("the order");
        return order.Account == call.Account ? order : throw Refusal.Unauthorized("the order is another account's");
    }

    /// <summary>Time and looks move an order on (RFC 8555 section 7.1.6).</summary>
    private async Task AdvanceAsync(FakeOrder order)
    {
        if (order.Status is "pending" or "ready" && order.Expires <= world.Now) Fail(order, new ValidationFailure("malformed", "the order has expired"));
        if (order.Status == "pending") await AuthorizeAsync(order);
        else if (order.Status == "processing" && order.Looks++ >= world.Behaviour.LooksUntilValid) Complete(order);
        else if (order.Status == "valid") order.Looks++;
    }

    private async Task AuthorizeAsync(FakeOrder order)
    {
        foreach (var authorization in order.Authorizations)
        {
            await authorizations.AdvanceAsync(authorization);
        }

        if (order.Authorizations.Find(a => a.Status is not ("pending" or "valid")) is { } failed)
        {
            Fail(order, failed.Challenges.Select(c => c.Error).FirstOrDefault(e => e is not null)
                ?? new ValidationFailure("unauthorized", $"the authorization for {failed.Name.Value} is {failed.Status}", 403));
        }
        else if (order.Authorizations.TrueForAll(a => a.Status == "valid") && order.Looks++ >= world.Behaviour.LooksUntilReady)
        {
            order.Enter("ready");
        }
    }

    private void Complete(FakeOrder order)
    {
        if (world.Behaviour.IssuanceFailure is { } failure)
        {
            Fail(order, failure);
            return;
        }

        order.Certificate = _issuer.Issue(order);
        order.Enter("valid");
        order.Looks++;
    }

    private static void Fail(FakeOrder order, ValidationFailure failure)
    {
        order.Error = failure;
        order.Enter("invalid");
    }

    private AcmeReply Show(FakeOrder order, int status)
    {
        var body = new JsonObject
        {
            ["status"] = order.Status,
            ["expires"] = Dates.Text(order.Expires),
            ["identifiers"] = new JsonArray([.. order.Names.Select(name => (JsonNode)name.ToJson())]),
            ["authorizations"] = new JsonArray([.. order.Authorizations.Select(a => (JsonNode)world.Urls.Of(AcmeEndpoint.Authorization, a.Id).OriginalString)]),
            ["finalize"] = world.Urls.Of(AcmeEndpoint.Finalize, order.Id).OriginalString,
        };
        if (order.Profile is { } profile) body["profile"] = profile;
        if (order.Replaces is { } predecessor) body["replaces"] = predecessor.RenewalId;
        if (order.NotBefore is { } notBefore) body["notBefore"] = Dates.Text(notBefore);
        if (order.NotAfter is { } notAfter) body["notAfter"] = Dates.Text(notAfter);
        if (order.Error is { } error) body["error"] = error.ToJson();
        if (order.Certificate is { } certificate && order.Looks > world.Behaviour.LooksUntilCertificate)
        {
            body["certificate"] = world.Urls.Of(AcmeEndpoint.Certificate, certificate.Id).OriginalString;
        }

        var reply = AcmeReply.Json(status, body);
        return order.Status is "pending" or "processing" && world.Behaviour.RetryAfter is { } wait ? reply.With("Retry-After", wait) : reply;
    }
}
