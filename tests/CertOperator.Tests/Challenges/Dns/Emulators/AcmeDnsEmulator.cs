using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace CertOperator.Challenges.Dns.Emulators;

internal sealed class AcmeDnsEmulator : Emulator
{
    public const string Password = "acme-dns-password-0123456789abcdefghij";

    protected override async Task AnswerAsync(HttpContext context, string path)
    {
        JsonObject body = await ReadJsonAsync(context.Request);
        bool isKnown = path == "/update" && context.Request.Headers["X-Api-User"] == "user" && context.Request.Headers["X-Api-Key"] == Password;
        if (isKnown)
            Records.Add((string)body["subdomain"]!, (string)body["txt"]!);
        await JsonAsync(context.Response, isKnown ? 200 : 401, new JsonObject { [isKnown ? "txt" : "error"] = isKnown ? (string?)body["txt"] : "forbidden" });
    }
}
