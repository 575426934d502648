using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace CertOperator.Testing.Monitoring;

/// <summary>A span as it came by OTLP. Attributes are shown as text, lists with commas.</summary>
public sealed record OtlpSpan(string TraceId, string SpanId, string ParentId, string Name)
{
    /// <summary>3 for a client's.</summary>
    public int Kind { get; init; }

    public DateTimeOffset Start { get; init; }

    public DateTimeOffset End { get; init; }

    public bool IsError { get; init; }

    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>Of the process that it is from.</summary>
    public IReadOnlyDictionary<string, string> Resource { get; init; } = new Dictionary<string, string>();

    /// <summary>The spans of an ExportTraceServiceRequest of opentelemetry-proto 1.</summary>
    public static IEnumerable<OtlpSpan> ReadAll(ReadOnlyMemory<byte> request)
    {
        foreach (ReadOnlyMemory<byte> ofResource in Wire.Messages(request, 1))
        {
            Dictionary<string, string> resource = Wire.Messages(ofResource, 1).SelectMany(message => AttributesIn(message, 1)).ToDictionary();
            foreach (ReadOnlyMemory<byte> span in Wire.Messages(ofResource, 2).SelectMany(ofScope => Wire.Messages(ofScope, 2)))
                yield return Read(span) with { Resource = resource };
        }
    }

    private static OtlpSpan Read(ReadOnlyMemory<byte> span)
    {
        WireField[] fields = [.. Wire.Fields(span)];
        return new OtlpSpan(Hex(1), Hex(2), Hex(4), Encoding.UTF8.GetString(Bytes(5).Span))
        {
            Kind = (int)Number(6),
            Start = Moment(7),
            End = Moment(8),
            Attributes = AttributesIn(span, 9).ToDictionary(),
            IsError = Wire.Messages(span, 15).SelectMany(Wire.Fields).Any(field => field is { Field: 3, Number: 2 }),
        };

        ReadOnlyMemory<byte> Bytes(int field) => fields.FirstOrDefault(each => each.Field == field).Bytes;

        ulong Number(int field) => fields.FirstOrDefault(each => each.Field == field).Number;

        string Hex(int field) => Convert.ToHexStringLower(Bytes(field).Span);

        DateTimeOffset Moment(int field) => DateTimeOffset.UnixEpoch.AddTicks((long)(Number(field) / 100));
    }

    private static IEnumerable<KeyValuePair<string, string>> AttributesIn(ReadOnlyMemory<byte> message, int field)
        => Wire.Messages(message, field).Select(pair => KeyValuePair.Create(
            Encoding.UTF8.GetString(Wire.Messages(pair, 1).Single().Span), Text(Wire.Messages(pair, 2).Single())));

    private static string Text(ReadOnlyMemory<byte> value) => Wire.Fields(value).FirstOrDefault() switch
    {
        { Field: 1 } text => Encoding.UTF8.GetString(text.Bytes.Span),
        { Field: 2 } flag => flag.Number == 1 ? "true" : "false",
        { Field: 3 } number => ((long)number.Number).ToString(CultureInfo.InvariantCulture),
        { Field: 4 } real => BitConverter.UInt64BitsToDouble(real.Number).ToString(CultureInfo.InvariantCulture),
        { Field: 5 } list => string.Join(',', Wire.Messages(list.Bytes, 1).Select(Text)),
        _ => "",
    };

    /// <summary>The wire format of Protocol Buffers.</summary>
    private static class Wire
    {
        public static IEnumerable<ReadOnlyMemory<byte>> Messages(ReadOnlyMemory<byte> message, int field)
            => Fields(message).Where(each => each.Field == field).Select(each => each.Bytes);

        public static IEnumerable<WireField> Fields(ReadOnlyMemory<byte> message)
        {
            for (int at = 0; at < message.Length;)
            {
                ulong tag = Varint(message.Span, ref at);
                WireField field = new((int)(tag >> 3), 0, default);
                switch (tag & 7)
                {
                    case 0:
                        yield return field with { Number = Varint(message.Span, ref at) };
                        break;
                    case 1:
                        yield return field with { Number = BinaryPrimitives.ReadUInt64LittleEndian(message.Span[at..]) };
                        at += 8;
                        break;
                    case 2:
                        int length = checked((int)Varint(message.Span, ref at));
                        yield return field with { Bytes = message.Slice(at, length) };
                        at += length;
                        break;
                    case 5:
                        yield return field with { Number = BinaryPrimitives.ReadUInt32LittleEndian(message.Span[at..]) };
                        at += 4;
                        break;
                    default:
                        throw new FormatException($"Wire type {tag & 7} is none of Protocol Buffers 3.");
                }
            }
        }

        private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = bytes[at++];
                value |= (ulong)(next & 0x7f) << shift;
                if (next < 0x80)
                    return value;
            }
        }
    }

    /// <param name="Field">Its number.</param>
    /// <param name="Number">For numbers.</param>
    /// <param name="Bytes">For texts and messages.</param>
    private readonly record struct WireField(int Field, ulong Number, ReadOnlyMemory<byte> Bytes);
}
