using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace CertOperator.Challenges.Dns.Emulators;

internal sealed class CloudflareEmulator : Emulator
{
    public const string Token = "cloudflare-token-0123456789abcdef";

    private const string Zone = "/zones/f00/dns_records";

    protected override async Task AnswerAsync(HttpContext context, string path)
    {
        HttpRequest request = context.Request;
        if (request.Headers.Authorization != $"Bearer {Token}")
            await JsonAsync(context.Response, 403, Failure(9109, $"Invalid access token {request.Headers.Authorization}"));
        else if (path == "/zones")
            await JsonAsync(context.Response, 200, Success(request.Query["name"] == "example.com" ? new JsonArray(new JsonObject { ["id"] = "f00" }) : []));
        else if (path == Zone && request.Method == "GET" && request.Query["type"] == "TXT")
            await JsonAsync(context.Response, 200, Success(new JsonArray([.. Records.Find(request.Query["name"]!).Select(Entry)])));
        else if (path == Zone && request.Method == "POST")
            await AddAsync(context);
        else if (path.StartsWith(Zone, StringComparison.Ordinal) && request.Method == "DELETE")
            await JsonAsync(context.Response, Records.Remove(int.Parse(path[(Zone.Length + 1)..], CultureInfo.InvariantCulture)) ? 200 : 404, Success(null));
        else
            await JsonAsync(context.Response, 400, Failure(7000, "No route for that URI"));
    }

    private async Task AddAsync(HttpContext context)
    {
        JsonObject body = await ReadJsonAsync(context.Request);
        string value = ((string)body["content"]!).Trim('"');
        if (Records.Values((string)body["name"]!).Contains(value))
        {
            await JsonAsync(context.Response, 400, Failure(81058, "An identical record already exists."));
            return;
        }

        await JsonAsync(context.Response, 200, Success(Entry(Records.Add((string)body["name"]!, value))));
    }

    private static JsonNode Entry(RecordSets.Entry entry)
        => new JsonObject { ["id"] = entry.Id.ToString(CultureInfo.InvariantCulture), ["type"] = "TXT", ["content"] = $"\"{entry.Value}\"" };

    private static JsonObject Success(JsonNode? result) => new() { ["success"] = true, ["errors"] = new JsonArray(), ["result"] = result };

    private static JsonObject Failure(int code, string message)
        => new() { ["success"] = false, ["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = message }) };
}
