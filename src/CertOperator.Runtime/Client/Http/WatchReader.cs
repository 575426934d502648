using System.Buffers;
using System.Text.Json;

namespace CertOperator.Runtime.Client.Http;

/// <summary>Reads the lines of a watch: each is <c>{"type":…,"object":…}</c>.</summary>
internal static class WatchReader
{
    /// <summary>The first whole line, if there is one, and where the next begins.</summary>
    public static bool TryTakeLine(ReadOnlySequence<byte> bytes, out ReadOnlySequence<byte> line, out SequencePosition next)
    {
        var end = bytes.PositionOf((byte)'\n');
        line = end is null ? default : bytes.Slice(0, end.Value);
        next = end is null ? bytes.Start : bytes.GetPosition(1, end.Value);
        return end is not null;
    }

    /// <summary>Decodes one line; an ERROR line throws what it says.</summary>
    /// <exception cref="JsonException">It is no event.</exception>
    public static WatchEvent<T> Decode<T>(ReadOnlySequence<byte> line, Func<StatusBody, KubeException> error) where T : class, IKubeObject<T>
    {
        var (type, json) = Split(line);
        return type switch
        {
            "ADDED" => Change<T>(WatchEventType.Added, json),
            "MODIFIED" => Change<T>(WatchEventType.Modified, json),
            "DELETED" => Change<T>(WatchEventType.Deleted, json),
            "BOOKMARK" => new WatchEvent<T>(WatchEventType.Bookmark, null, ObjectDecoder.Head(json).ResourceVersion ?? ""),
            "ERROR" => throw error(Status(json)),
            _ => throw new JsonException("not a watch event"),
        };
    }

    // The type comes first: the object of an ERROR is a Status and not a T.
    private static (string? Type, ReadOnlySequence<byte> Object) Split(ReadOnlySequence<byte> line)
    {
        var reader = new Utf8JsonReader(line, ObjectDecoder.ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("not an object");
        string? type = null;
        ReadOnlySequence<byte> json = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isObject = reader.ValueTextEquals("object"u8);
            reader.Read();
            var start = reader.TokenStartIndex;
            if (isType && reader.TokenType == JsonTokenType.String) type = reader.GetString();
            reader.Skip();
            if (isObject) json = line.Slice(start, reader.BytesConsumed - start);
        }

        return (type, json);
    }

    private static WatchEvent<T> Change<T>(WatchEventType type, ReadOnlySequence<byte> json) where T : class, IKubeObject<T>
    {
        var (value, problem) = ObjectDecoder.Decode<T>(json);
        return value is not null
            ? new WatchEvent<T>(type, value, value.Metadata.ResourceVersion ?? "")
            : new WatchEvent<T>(WatchEventType.Undecodable, null, ObjectDecoder.Head(json).ResourceVersion ?? "", problem);
    }

    private static StatusBody Status(ReadOnlySequence<byte> json)
    {
        var reader = new Utf8JsonReader(json, ObjectDecoder.ReaderOptions);
        return JsonSerializer.Deserialize(ref reader, WireJson.Default.StatusBody) ?? new StatusBody();
    }
}
