using System.Buffers;
using System.Text.Json;

namespace CertOperator.Runtime.Client.Http;

/// <summary>Reads a list one object at a time, so that a long list is never held as text.</summary>
internal sealed class ListReader<T> where T : class, IKubeObject<T>
{
    private readonly List<T> _items = [];
    private readonly List<UndecodableObject> _undecodable = [];
    private JsonReaderState _state = new(ObjectDecoder.ReaderOptions);
    private ListHead? _head;
    private bool _inItems;
    private bool _isDone;

    /// <exception cref="JsonException">It is not a list, or breaks off.</exception>
    /// <exception cref="BodyTooLargeException">The list or one of its objects is too large.</exception>
    public static async Task<ObjectList<T>> ReadAsync(BodyReader body, CancellationToken cancel)
    {
        var list = new ListReader<T>();
        long total = 0;
        while (!list._isDone)
        {
            var (bytes, isEnd) = await body.ReadAsync(cancel).ConfigureAwait(false);
            var consumed = list.Take(bytes);
            total += consumed;
            if (total > KubeLimits.List) throw new BodyTooLargeException(KubeLimits.List);
            if (isEnd && !list._isDone) throw new JsonException("the list breaks off");
            body.Advance(bytes.GetPosition(consumed), bytes.End);
        }

        return new ObjectList<T>(
            list._items, list._head?.ResourceVersion ?? "", list._head?.Continue is { Length: > 0 } next ? next : null, list._undecodable);
    }

    /// <summary>Takes the steps that have arrived whole; the number of bytes taken.</summary>
    private long Take(ReadOnlySequence<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, _state);
        while (!_isDone)
        {
            var ahead = reader;
            if (!Step(ref ahead, bytes)) break;
            reader = ahead;
        }

        _state = reader.CurrentState;
        return reader.BytesConsumed;
    }

    private bool Step(ref Utf8JsonReader reader, ReadOnlySequence<byte> bytes)
    {
        if (!reader.Read()) return false;
        if (_inItems) return reader.TokenType == JsonTokenType.EndArray ? EndItems() : Item(ref reader, bytes);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return true;
            case JsonTokenType.EndObject:
                _isDone = true;
                return true;
            case JsonTokenType.PropertyName:
                return Property(ref reader);
            default:
                throw new JsonException("not a list");
        }
    }

    private bool Property(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("items"u8))
        {
            if (!reader.Read()) return false;
            _inItems = reader.TokenType == JsonTokenType.StartArray;
            return _inItems || reader.TokenType == JsonTokenType.Null ? true : throw new JsonException("items is not an array");
        }

        if (!reader.ValueTextEquals("metadata"u8)) return reader.TrySkip();
        var value = reader;
        if (!reader.TrySkip()) return false;
        _head = JsonSerializer.Deserialize(ref value, WireJson.Default.ListHead);
        return true;
    }

    private bool EndItems()
    {
        _inItems = false;
        return true;
    }

    private bool Item(ref Utf8JsonReader reader, ReadOnlySequence<byte> bytes)
    {
        var start = reader.TokenStartIndex;
        if (!reader.TrySkip()) return false;
        var (value, problem) = ObjectDecoder.Decode<T>(bytes.Slice(start, reader.BytesConsumed - start));
        if (value is not null) _items.Add(value);
        if (problem is not null) _undecodable.Add(problem);
        return true;
    }
}
