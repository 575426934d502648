using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace CertOperator.Challenges.Dns.Emulators;

/// <summary>The resource manager, the login service and the node's metadata service.</summary>
internal sealed class AzureEmulator : Emulator
{
    public const string ClientSecret = "azure~client~secret~0123456789";
    public const string Assertion = "federated-token-0123456789";
    public const string AccessToken = "azure-access-token-0123456789";

    private const string Zone = "/subscriptions/sub/resourceGroups/dns/providers/Microsoft.Network/dnsZones/example.com/TXT/";

    protected override async Task AnswerAsync(HttpContext context, string path)
    {
        if (path == "/tenant/oauth2/v2.0/token")
            await LoginAsync(context);
        else if (path == "/metadata/identity/oauth2/token" && context.Request.Headers["Metadata"] == "true")
            await JsonAsync(context.Response, 200, new JsonObject { ["access_token"] = AccessToken, ["expires_in"] = "3599" });
        else if (context.Request.Headers.Authorization != $"Bearer {AccessToken}")
            await JsonAsync(context.Response, 401, Failure("InvalidAuthenticationToken", "The access token is invalid."));
        else if (!path.StartsWith(Zone, StringComparison.Ordinal) || context.Request.Query["api-version"] != "2018-05-01")
            await JsonAsync(context.Response, 404, Failure("ParentResourceNotFound", "The zone does not exist."));
        else
            await RecordsAsync(context, $"{path[Zone.Length..]}.example.com");
    }

    private static async Task LoginAsync(HttpContext context)
    {
        IFormCollection form = await context.Request.ReadFormAsync();
        bool isKnown = form["client_id"] == "client" && form["scope"] == "https://management.azure.com/.default"
            && (form["client_secret"] == ClientSecret || form["client_assertion"] == Assertion);
        await JsonAsync(
            context.Response,
            isKnown ? 200 : 401,
            isKnown
                ? new JsonObject { ["access_token"] = AccessToken, ["expires_in"] = 3599 }
                : new JsonObject { ["error"] = "invalid_client", ["error_description"] = $"Invalid client secret {form["client_secret"]}." });
    }

    private async Task RecordsAsync(HttpContext context, string name)
    {
        string[] current = [.. Records.Values(name)];
        if (context.Request.Method == "GET")
        {
            await JsonAsync(context.Response, current.Length > 0 ? 200 : 404, current.Length > 0 ? Set(current) : Failure("NotFound", "The record set does not exist."));
            return;
        }

        Records.LetOvertake();
        current = [.. Records.Values(name)];
        bool isExpected = current.Length == 0 ? context.Request.Headers.IfNoneMatch == "*" : context.Request.Headers.IfMatch == Version(current);
        string[] wanted = context.Request.Method == "DELETE" ? [] : Values(await ReadJsonAsync(context.Request));
        bool isDone = isExpected && Records.Replace(name, current, wanted);
        await JsonAsync(context.Response, isDone ? 200 : 412, isDone ? Set(wanted) : Failure("PreconditionFailed", "The condition was not met."));
    }

    private static string[] Values(JsonObject set)
        => [.. set["properties"]!["TXTRecords"]!.AsArray().Select(record => string.Concat(record!["value"]!.AsArray().Select(part => (string)part!)))];

    private static JsonObject Set(string[] values) => new()
    {
        ["etag"] = Version(values),
        ["properties"] = new JsonObject
        {
            ["TTL"] = 60,
            ["TXTRecords"] = new JsonArray([.. values.Select(value => (JsonNode)new JsonObject { ["value"] = new JsonArray(value) })]),
        },
    };

    private static string Version(string[] values) => $"\"{string.Join('|', values)}\"";

    private static JsonObject Failure(string code, string message) => new() { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } };
}
