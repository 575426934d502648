using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace CertOperator.Testing.Acme.Faults;

/// <summary>What the server is about to answer; faults may put another in its place.</summary>
public sealed record AcmeReply(int Status)
{
    public string? ContentType { get; init; }

    public string Body { get; init; } = "";

    /// <summary>Headers by name; a name may have several values.</summary>
    public ILookup<string, string> Headers { get; init; } = Array.Empty<string>().ToLookup(_ => "");

    /// <summary>Whether a fresh Replay-Nonce goes with it.</summary>
    public bool HasNonce { get; init; } = true;

    public ReplyDelivery Delivery { get; init; }

    public static AcmeReply Json(int status, JsonNode body) => new(status) { ContentType = "application/json", Body = body.ToJsonString() };

    public static AcmeReply Text(int status, string contentType, string body) => new(status) { ContentType = contentType, Body = body };

    /// <summary>A problem document (RFC 9457) with a type of RFC 8555 section 6.7, for instance <c>rateLimited</c>.</summary>
    public static AcmeReply Problem(int status, string type, string detail, JsonObject? more = null)
    {
        var body = new JsonObject { ["type"] = ValidationFailure.Urn + type, ["detail"] = detail, ["status"] = status };
        foreach (var (name, value) in more ?? [])
        {
            body[name] = value?.DeepClone();
        }

        return new AcmeReply(status) { ContentType = "application/problem+json", Body = body.ToJsonString() };
    }

    public AcmeReply With(string header, string value) => this with
    {
        Headers = Pairs().Append((header, value)).ToLookup(p => p.Item1, p => p.Item2, StringComparer.OrdinalIgnoreCase),
    };

    public AcmeReply With(string header, Uri value) => With(header, value.OriginalString);

    public AcmeReply WithLink(string relation, Uri target) => With("Link", $"<{target.OriginalString}>;rel=\"{relation}\"");

    public AcmeReply WithRetryAfter(TimeSpan wait) => With("Retry-After", ((long)wait.TotalSeconds).ToString(CultureInfo.InvariantCulture));

    public AcmeReply Without(string header) => this with
    {
        Headers = Pairs().Where(p => !string.Equals(p.Name, header, StringComparison.OrdinalIgnoreCase))
            .ToLookup(p => p.Name, p => p.Value, StringComparer.OrdinalIgnoreCase),
    };

    /// <summary>The same with a changed JSON object as the body.</summary>
    public AcmeReply Edit(Action<JsonObject> change)
    {
        var body = JsonNode.Parse(Body)!.AsObject();
        change(body);
        return this with { Body = body.ToJsonString() };
    }

    internal byte[] Bytes() => Encoding.UTF8.GetBytes(Body);

    private IEnumerable<(string Name, string Value)> Pairs() => Headers.SelectMany(group => group.Select(value => (group.Key, value)));
}
