using System.Text;
using Microsoft.AspNetCore.Http;

namespace CertOperator.Runtime.Tests.Client.Http;

/// <summary>What a server may say.</summary>
internal static class Answers
{
    public static string ConfigMap(string name, string version = "1")
        => $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","namespace":"ns","resourceVersion":"{{{version}}}"},"data":{"k":"v"}}""";

    public static string Status(int code, string reason, string message, string details = "{}")
        => $$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"{{message}}","reason":"{{reason}}","details":{{details}},"code":{{code}}}""";

    public static string Event(string type, string json) => $$"""{"type":"{{type}}","object":{{json}}}""" + "\n";

    public static Task JsonAsync(this HttpResponse response, string json, int code = 200) => response.SayAsync(json, "application/json", code);

    public static Task SayAsync(this HttpResponse response, string text, string type, int code = 200)
    {
        response.StatusCode = code;
        response.ContentType = type;
        return response.Body.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask();
    }

    /// <summary>Sends part of a body now.</summary>
    public static async Task PieceAsync(this HttpResponse response, string text)
    {
        if (!response.HasStarted) response.ContentType = "application/json";
        await response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
        await response.Body.FlushAsync();
    }
}
