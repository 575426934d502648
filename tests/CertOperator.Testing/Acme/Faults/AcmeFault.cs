using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace CertOperator.Testing.Acme.Faults;

/// <summary>
/// Something that goes wrong with one request. Either the request is not processed at all and gets another reply, or it is
/// processed and its reply is changed.
/// </summary>
public sealed class AcmeFault
{
    private const string Page = "<html><head><title>Service unavailable</title></head><body>We are sorry.</body></html>";

    private AcmeFault(Func<AcmeReply?>? before, Func<AcmeReply, AcmeReply>? after)
    {
        Before = before;
        After = after;
    }

    internal Func<AcmeReply?>? Before { get; }

    internal Func<AcmeReply, AcmeReply>? After { get; }

    /// <summary>The connection breaks before the server has done anything.</summary>
    public static AcmeFault LostBefore() => Instead(() => new AcmeReply(500) { Delivery = ReplyDelivery.Lost });

    /// <summary>The server does what was asked, and then the connection breaks.</summary>
    public static AcmeFault LostAfter() => Change(reply => reply with { Delivery = ReplyDelivery.Lost });

    /// <summary>The server does what was asked, and the connection breaks within the reply.</summary>
    public static AcmeFault CutAfter() => Change(reply => reply with { Delivery = ReplyDelivery.Cut });

    /// <summary>The server never answers.</summary>
    public static AcmeFault NoReply() => Instead(() => new AcmeReply(500) { Delivery = ReplyDelivery.Never });

    /// <summary>A body without an end.</summary>
    public static AcmeFault EndlessBody(int status = 200) =>
        Instead(() => new AcmeReply(status) { Delivery = ReplyDelivery.Endless, ContentType = "application/json" });

    /// <summary>429 rateLimited; Retry-After in either form, or none, as text; which limit, as the section of the page that explains it, in the words.</summary>
    public static AcmeFault RateLimited(string? retryAfter = null, string section = "") => Instead(() =>
    {
        var see = section.Length == 0 ? "" : $": see https://ca.example/rate-limits{section}";
        var reply = AcmeReply.Problem(429, "rateLimited", $"too many new orders recently{see}").WithLink("help", new Uri("https://ca.example/rate-limits"));
        return retryAfter is null ? reply : reply.With("Retry-After", retryAfter);
    });

    /// <summary>Paused names as Let's Encrypt tells them: 429 without Retry-After, and the remedy's URL in the detail.</summary>
    public static AcmeFault Paused(string portal) => Instead(() => AcmeReply.Problem(
        429, "rateLimited", $"Your account is temporarily prevented from requesting certificates for these names. Please visit: {portal}"));

    /// <summary>503 by a load balancer: an HTML page and no nonce.</summary>
    public static AcmeFault Unavailable(string? retryAfter = null) => Instead(() =>
    {
        var reply = AcmeReply.Text(503, "text/html", Page) with { HasNonce = false };
        return retryAfter is null ? reply : reply.With("Retry-After", retryAfter);
    });

    /// <summary>An HTML page where JSON is due.</summary>
    public static AcmeFault Html(int status) => Instead(() => AcmeReply.Text(status, "text/html", Page) with { HasNonce = false });

    /// <summary>No body.</summary>
    public static AcmeFault Empty(int status) => Instead(() => new AcmeReply(status) { HasNonce = false });

    /// <summary>badNonce, with a fresh nonce.</summary>
    public static AcmeFault BadNonce() => Problem(400, "badNonce", "the nonce is not known");

    /// <summary>An unknown nonce as some servers tell it: 500 with an HTML page.</summary>
    public static AcmeFault BadNonceAsHtml() => Html(500);

    /// <summary>Any problem document.</summary>
    public static AcmeFault Problem(int status, string type, string detail, JsonObject? more = null) =>
        Instead(() => AcmeReply.Problem(status, type, detail, more));

    /// <summary>rejectedIdentifier with a subproblem (RFC 8555 section 6.7.1) for each name.</summary>
    public static AcmeFault Rejected(params string[] names) => Problem(400, "rejectedIdentifier", "some names are refused by policy", new JsonObject
    {
        ["subproblems"] = new JsonArray([.. names.Select(name => (JsonNode)new JsonObject
        {
            ["type"] = ValidationFailure.Urn + "rejectedIdentifier",
            ["detail"] = $"{name} is refused by policy",
            ["identifier"] = new JsonObject { ["type"] = "dns", ["value"] = name },
        })]),
    });

    /// <summary>A redirect, which no client may follow with a signed request.</summary>
    public static AcmeFault Redirect(Uri target, int status = 307) => Instead(() => new AcmeReply(status).With("Location", target));

    /// <summary>A change of the JSON object in the reply: other URLs, unknown states, missing members.</summary>
    public static AcmeFault Edit(Action<JsonObject> change) => Change(reply => reply.Edit(change));

    /// <summary>A reply without one of its headers; Replay-Nonce included.</summary>
    public static AcmeFault WithoutHeader(string name) => Change(reply =>
        name == "Replay-Nonce" ? reply with { HasNonce = false } : reply.Without(name));

    /// <summary>A reply with another value of a header.</summary>
    public static AcmeFault WithHeader(string name, string value) => Change(reply => reply.Without(name).With(name, value));

    /// <summary>A chain with other certificates, or in another order.</summary>
    public static AcmeFault Chain(Func<IReadOnlyList<X509Certificate2>, IEnumerable<X509Certificate2>> change) => Change(reply =>
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(reply.Body);
        return reply with { Body = string.Join('\n', change([.. chain]).Select(c => c.ExportCertificatePem())) + "\n" };
    });

    /// <summary>Any change of the reply.</summary>
    public static AcmeFault Change(Func<AcmeReply, AcmeReply> change) => new(null, change);

    /// <summary>Any reply in place of what the request asks for; null serves it after all.</summary>
    public static AcmeFault Instead(Func<AcmeReply?> reply) => new(reply, null);
}
