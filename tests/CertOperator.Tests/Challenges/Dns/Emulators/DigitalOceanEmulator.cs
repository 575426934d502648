using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace CertOperator.Challenges.Dns.Emulators;

internal sealed class DigitalOceanEmulator : Emulator
{
    public const string Token = "dop_v1_0123456789abcdef0123456789abcdef";

    private const string Collection = "/domains/example.com/records";

    protected override async Task AnswerAsync(HttpContext context, string path)
    {
        HttpRequest request = context.Request;
        if (request.Headers.Authorization != $"Bearer {Token}")
        {
            await JsonAsync(context.Response, 401, Message("Unauthorized", $"Unable to authenticate {request.Headers.Authorization}"));
        }
        else if (path == Collection && request.Method == "GET" && request.Query["type"] == "TXT")
        {
            var found = Records.Find(request.Query["name"]!).Select(entry => (JsonNode)new JsonObject { ["id"] = entry.Id, ["type"] = "TXT", ["data"] = entry.Value });
            await JsonAsync(context.Response, 200, new JsonObject { ["domain_records"] = new JsonArray([.. found]) });
        }
        else if (path == Collection && request.Method == "POST")
        {
            JsonObject body = await ReadJsonAsync(request);
            string name = (string)body["name"]!;
            RecordSets.Entry entry = Records.Add(name == "@" ? "example.com" : $"{name}.example.com", (string)body["data"]!);
            await JsonAsync(context.Response, 201, new JsonObject { ["domain_record"] = new JsonObject { ["id"] = entry.Id } });
        }
        else if (path.StartsWith(Collection, StringComparison.Ordinal) && request.Method == "DELETE")
        {
            await JsonAsync(context.Response, Records.Remove(int.Parse(path[(Collection.Length + 1)..], CultureInfo.InvariantCulture)) ? 204 : 404, null);
        }
        else
        {
            await JsonAsync(context.Response, 404, Message("not_found", "The resource you were accessing could not be found."));
        }
    }

    private static JsonObject Message(string id, string message) => new() { ["id"] = id, ["message"] = message };
}
