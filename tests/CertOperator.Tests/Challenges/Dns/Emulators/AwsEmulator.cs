using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CertOperator.Challenges.Dns.Emulators;

/// <summary>Route 53 and STS. It computes each signature from what arrived.</summary>
internal sealed class AwsEmulator : Emulator
{
    public const string KeyId = "AKIDEXAMPLE";
    public const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public const string RoleKeyId = "ASIAROLE";
    public const string RoleSecret = "role-secret-0123456789abcdefghijklmnop";
    public const string RoleToken = "role-session-token-0123456789";
    public const string WebToken = "service-account-token-0123456789";

    private static readonly XNamespace Schema = "https://route53.amazonaws.com/doc/2013-04-01/";

    /// <summary>Access keys that have been used.</summary>
    public HashSet<string> SeenKeys { get; } = [];

    protected override async Task AnswerAsync(HttpContext context, string path)
    {
        using var copy = new MemoryStream();
        await context.Request.Body.CopyToAsync(copy);
        byte[] body = copy.ToArray();
        bool isWeb = path == "/" && Encoding.UTF8.GetString(body).Contains("WebIdentityToken=" + WebToken, StringComparison.Ordinal);
        if (!isWeb && !IsSigned(context.Request, body))
            await XmlAsync(context.Response, 403, Error("SignatureDoesNotMatch", "The request signature we calculated does not match."));
        else if (path == "/")
            await XmlAsync(context.Response, 200, Credentials());
        else if (path == "/2013-04-01/hostedzonesbyname")
            await XmlAsync(context.Response, 200, Zones());
        else if (path == "/2013-04-01/hostedzone/Z1/rrset" && context.Request.Method == "GET")
            await XmlAsync(context.Response, 200, new XElement(Schema + "ListResourceRecordSetsResponse", new XElement(Schema + "ResourceRecordSets", Set(context.Request.Query["name"]!))));
        else if (path == "/2013-04-01/hostedzone/Z1/rrset")
            await ChangeAsync(context.Response, XElement.Parse(Encoding.UTF8.GetString(body)));
        else
            await XmlAsync(context.Response, 404, Error("NoSuchHostedZone", $"No hosted zone found at {path}"));
    }

    private async Task ChangeAsync(HttpResponse response, XElement batch)
    {
        Records.LetOvertake();
        var changes = batch.Descendants(Schema + "Change").ToLookup(change => change.Element(Schema + "Action")!.Value);
        XElement any = batch.Descendants(Schema + "Change").First();
        string name = any.Descendants(Schema + "Name").Single().Value;
        bool isDone = Records.Replace(name, Values(changes["DELETE"]), Values(changes["CREATE"]));
        await XmlAsync(
            response,
            isDone ? 200 : 400,
            isDone ? new XElement(Schema + "ChangeResourceRecordSetsResponse") : Error("InvalidChangeBatch", "Tried to delete resource record set but the values provided do not match the current values"));

        static string[] Values(IEnumerable<XElement> changes) => [.. changes.Descendants(Schema + "Value").Select(value => value.Value.Trim('"'))];
    }

    private XElement? Set(string name) => Records.Values(name) is not { Count: > 0 } values
        ? null
        : new XElement(
            Schema + "ResourceRecordSet",
            new XElement(Schema + "Name", name),
            new XElement(Schema + "Type", "TXT"),
            new XElement(Schema + "TTL", 60),
            new XElement(Schema + "ResourceRecords", values.Select(value => new XElement(Schema + "ResourceRecord", new XElement(Schema + "Value", $"\"{value}\"")))));

    private static XElement Zones() => new(
        Schema + "ListHostedZonesByNameResponse",
        new XElement(Schema + "HostedZones", Zone("/hostedzone/ZPRIVATE", "example.com.", true), Zone("/hostedzone/Z1", "example.com.", false), Zone("/hostedzone/Z2", "example.org.", false)));

    private static XElement Zone(string id, string name, bool isPrivate) => new(
        Schema + "HostedZone",
        new XElement(Schema + "Id", id),
        new XElement(Schema + "Name", name),
        new XElement(Schema + "Config", new XElement(Schema + "PrivateZone", isPrivate)));

    private static XElement Credentials() => new("AssumeRoleResponse", new XElement("AssumeRoleResult", new XElement(
        "Credentials",
        new XElement("AccessKeyId", RoleKeyId),
        new XElement("SecretAccessKey", RoleSecret),
        new XElement("SessionToken", RoleToken),
        new XElement("Expiration", "2099-01-01T00:00:00Z"))));

    private static XElement Error(string code, string message)
        => new(Schema + "ErrorResponse", new XElement(Schema + "Error", new XElement(Schema + "Code", code), new XElement(Schema + "Message", message)));

    private bool IsSigned(HttpRequest request, byte[] body)
    {
        string header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal))
            return false;
        var fields = header["AWS4-HMAC-SHA256 ".Length..].Split(", ").Select(field => field.Split('=', 2)).ToDictionary(field => field[0], field => field[1]);
        string[] credential = fields["Credential"].Split('/', 2);
        SeenKeys.Add(credential[0]);
        (string secret, string token) = credential[0] == RoleKeyId ? (RoleSecret, RoleToken) : (Secret, "");
        if (credential[0] is not (KeyId or RoleKeyId) || request.Headers["X-Amz-Security-Token"].ToString() != token)
            return false;

        string[] target = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?');
        string query = target.Length > 1 ? string.Join('&', target[1].Split('&').Order(StringComparer.Ordinal)) : "";
        string headers = string.Concat(fields["SignedHeaders"].Split(';').Select(name => $"{name}:{request.Headers[name]}\n"));
        string canonical = $"{request.Method}\n{target[0]}\n{query}\n{headers}\n{fields["SignedHeaders"]}\n{Hash(body)}";
        string toSign = $"AWS4-HMAC-SHA256\n{request.Headers["X-Amz-Date"]}\n{credential[1]}\n{Hash(Encoding.UTF8.GetBytes(canonical))}";
        byte[] key = credential[1].Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), (key, part) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part)));
        return fields["Signature"] == Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
    }

    private static string Hash(byte[] data) => Convert.ToHexStringLower(SHA256.HashData(data));

    private static Task XmlAsync(HttpResponse response, int status, XElement body)
    {
        response.StatusCode = status;
        response.ContentType = "text/xml";
        return response.WriteAsync(body.ToString());
    }
}
