using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CertOperator.Acme.Errors;

namespace CertOperator.Acme.Protocol.Wire;

/// <summary>Reads what servers send, whatever they send.</summary>
internal static class WireReader
{
    public static T Read<T>(AcmeStage stage, AcmeReply reply, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(reply.Body.Span, type) ?? throw Failures.Unreadable(stage, reply.Url, "the answer is null");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // What exactly is wrong with it would be the server's words, unbounded.
            throw Failures.Unreadable(stage, reply.Url, "the answer is not the JSON that it should be");
        }
    }

    /// <summary>A time (RFC 3339); null if it is none.</summary>
    public static DateTimeOffset? Time(string? text)
        => text is { Length: <= 64 } && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime() : null;

    /// <summary>A URL that the answer must have.</summary>
    public static Uri Url(AcmeStage stage, AcmeReply reply, string name, string? text, bool allowHttp)
        => AcmeUri.Parse(text, allowHttp) ?? throw Failures.Unreadable(stage, reply.Url, $"its {name} is missing or is not an https: URL");
}
