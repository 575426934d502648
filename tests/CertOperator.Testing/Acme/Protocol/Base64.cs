using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CertOperator.Testing.Acme.Protocol;

/// <summary>base64url without padding (RFC 8555 section 6.1), strictly read.</summary>
internal static class Base64
{
    public static byte[] Decode(string text, string what)
    {
        if (!text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')) throw Refusal.Malformed($"{what} is not base64url without padding");
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            throw Refusal.Malformed($"{what} is not base64url");
        }
    }

    public static JsonObject DecodeObject(string text, string what) => ParseObject(Encoding.UTF8.GetString(Decode(text, what)), what);

    public static JsonObject ParseObject(string text, string what)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? throw Refusal.Malformed($"{what} is not a JSON object");
        }
        catch (JsonException)
        {
            throw Refusal.Malformed($"{what} is not JSON");
        }
    }

    public static string Encode(ReadOnlySpan<byte> data) => Base64Url.EncodeToString(data);
}
