using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace CertOperator.Challenges.Dns.Emulators;

/// <summary>Cloud DNS, the token service and the metadata server.</summary>
internal sealed class GoogleEmulator : Emulator
{
    public const string AccessToken = "ya29.google-access-token-0123456789";

    private const string Project = "/projects/shop";

    private readonly RSA _key = RSA.Create(2048);

    /// <summary>The JSON key of the service account.</summary>
    public string Key => KeyOf(_key);

    public static string KeyOf(RSA key) => new JsonObject
    {
        ["type"] = "service_account",
        ["client_email"] = "dns@shop.iam.gserviceaccount.com",
        ["private_key_id"] = "1",
        ["private_key"] = key.ExportPkcs8PrivateKeyPem(),
        ["token_uri"] = "http://127.0.0.1:1/never-asked",
    }.ToJsonString();

    protected override async Task AnswerAsync(HttpContext context, string path)
    {
        HttpRequest request = context.Request;
        if (path == "/token")
            await TokenAsync(context);
        else if (path == "/metadata/instance/service-accounts/default/token" && request.Headers["Metadata-Flavor"] == "Google")
            await JsonAsync(context.Response, 200, new JsonObject { ["access_token"] = AccessToken, ["expires_in"] = 3599 });
        else if (request.Headers.Authorization != $"Bearer {AccessToken}")
            await JsonAsync(context.Response, 401, Failure("Request had invalid authentication credentials."));
        else if (path == $"{Project}/managedZones" && request.Query["dnsName"] == "example.com.")
            await JsonAsync(context.Response, 200, new JsonObject { ["managedZones"] = new JsonArray(Zone("inside", "private"), Zone("outside", "public")) });
        else if (path == $"{Project}/managedZones/outside/rrsets" && request.Query["type"] == "TXT")
            await JsonAsync(context.Response, 200, new JsonObject { ["rrsets"] = Sets(request.Query["name"]!) });
        else if (path == $"{Project}/managedZones/outside/changes")
            await ChangeAsync(context);
        else
            await JsonAsync(context.Response, 404, Failure("The resource was not found."));
    }

    private async Task TokenAsync(HttpContext context)
    {
        IFormCollection form = await context.Request.ReadFormAsync();
        string[] parts = form["assertion"].ToString().Split('.');
        JsonObject claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!.AsObject();
        bool isSigned = _key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        bool isFor = (string?)claims["aud"] == $"{Address}token" && (string?)claims["iss"] == "dns@shop.iam.gserviceaccount.com";
        await JsonAsync(
            context.Response,
            isSigned && isFor ? 200 : 400,
            isSigned && isFor
                ? new JsonObject { ["access_token"] = AccessToken, ["expires_in"] = 3599 }
                : new JsonObject { ["error"] = "invalid_grant", ["error_description"] = $"Invalid JWT Signature {form["assertion"]}." });
    }

    private async Task ChangeAsync(HttpContext context)
    {
        JsonObject body = await ReadJsonAsync(context.Request);
        Records.LetOvertake();
        JsonNode any = (body["additions"] ?? body["deletions"])![0]!;
        bool isDone = Records.Replace((string)any["name"]!, Values(body["deletions"]), Values(body["additions"]));
        await JsonAsync(context.Response, isDone ? 200 : 412, isDone ? new JsonObject { ["status"] = "done" } : Failure("Precondition not met for 'entity.change.deletions[0]'."));
    }

    private JsonArray Sets(string name) => Records.Values(name) is { Count: > 0 } values
        ? new JsonArray(new JsonObject
        {
            ["name"] = name,
            ["type"] = "TXT",
            ["ttl"] = 60,
            ["rrdatas"] = new JsonArray([.. values.Select(value => (JsonNode)$"\"{value}\"")]),
        })
        : [];

    private static string[] Values(JsonNode? sets)
        => [.. (sets?.AsArray() ?? []).SelectMany(set => set!["rrdatas"]!.AsArray()).Select(value => ((string)value!).Trim('"'))];

    private static JsonObject Zone(string name, string visibility) => new() { ["name"] = name, ["dnsName"] = "example.com.", ["visibility"] = visibility };

    private static JsonObject Failure(string message) => new() { ["error"] = new JsonObject { ["message"] = message } };
}
