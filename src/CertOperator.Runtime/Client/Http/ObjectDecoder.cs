using System.Buffers;
using System.Text.Json;

namespace CertOperator.Runtime.Client.Http;

/// <summary>Decodes one object without letting a bad one do harm.</summary>
internal static class ObjectDecoder
{
    // Far above the 64 of the serializer, since fields that are only skipped may be nested deeply.
    public static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 1000 };

    /// <summary>The object, or why it is none.</summary>
    public static (T? Value, UndecodableObject? Problem) Decode<T>(ReadOnlySequence<byte> json) where T : class, IKubeObject<T>
    {
        try
        {
            var reader = new Utf8JsonReader(json, ReaderOptions);
            var value = JsonSerializer.Deserialize(ref reader, T.Json);
            return value?.Metadata is null ? (null, Undecodable(json, "$.metadata")) : (value, null);
        }
        catch (JsonException failure)
        {
            return (null, Undecodable(json, failure.Path));
        }
    }

    /// <summary>Name, namespace and version of an object, as far as they can be read.</summary>
    public static ObjectHeadMetadata Head(ReadOnlySequence<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, ReaderOptions);
            return JsonSerializer.Deserialize(ref reader, WireJson.Default.ObjectHead)?.Metadata ?? new ObjectHeadMetadata();
        }
        catch (JsonException)
        {
            return new ObjectHeadMetadata();
        }
    }

    private static UndecodableObject Undecodable(ReadOnlySequence<byte> json, string? path)
    {
        var head = Head(json);
        var key = new ObjectKey(head.Namespace ?? "", head.Name ?? "");
        return new UndecodableObject(key, $"the value at {ServerText.Clean(path ?? "$", [])} does not fit its type.");
    }
}
