using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace CertOperator.Challenges.Dns.Emulators;

/// <summary>An API server that passes one aggregated API on to a DNS webhook.</summary>
internal sealed class WebhookEmulator : Emulator
{
    /// <summary>What the webhook got last.</summary>
    public JsonObject? LastRequest { get; private set; }

    protected override async Task AnswerAsync(HttpContext context, string path)
    {
        if (path != "/apis/acme.example.com/v1alpha1/my-dns" || context.Request.Method != "POST")
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync("404 page not found");
            return;
        }

        JsonObject payload = await ReadJsonAsync(context.Request);
        LastRequest = payload["request"]!.AsObject();
        string name = (string)LastRequest["resolvedFQDN"]!;
        string value = (string)LastRequest["key"]!;
        if (value == "refused")
        {
            await JsonAsync(context.Response, 201, Response(new JsonObject { ["success"] = false, ["status"] = new JsonObject { ["message"] = "zone is locked" } }));
            return;
        }

        RecordSets.Entry? present = Records.Find(name).FirstOrDefault(entry => entry.Value == value);
        if ((string?)LastRequest["action"] == "Present" && present is null)
            Records.Add(name, value);
        else if ((string?)LastRequest["action"] == "CleanUp" && present is not null)
            Records.Remove(present.Id);
        await JsonAsync(context.Response, 201, Response(new JsonObject { ["success"] = true }));
    }

    private JsonObject Response(JsonObject response)
    {
        response["uid"] = (string?)LastRequest!["uid"];
        return new JsonObject { ["kind"] = "ChallengePayload", ["apiVersion"] = "webhook.acme.cert-manager.io/v1alpha1", ["response"] = response };
    }
}
