using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace CertOperator.Challenges.Dns.Wire;

/// <summary>Writes messages (RFC 1035, 4; RFC 2136), without compressing names.</summary>
internal sealed class DnsWriter
{
    /// <summary>What a datagram may carry without being split on its way.</summary>
    public const int DatagramLimit = 1232;

    private const int AdditionalCount = 10;
    private const int MaxString = 255;

    private readonly ArrayBufferWriter<byte> _bytes = new(512);

    /// <summary>A question, with room for a large answer (EDNS, RFC 6891).</summary>
    public static byte[] Query(ushort id, DnsQuestion question, bool recursive)
    {
        var writer = new DnsWriter();
        writer.Header(id, (ushort)(recursive ? 0x0100 : 0), 1, 0, 0, 1);
        writer.Question(question);
        writer.UInt8(0);
        writer.UInt16((ushort)DnsType.Opt);
        writer.UInt16(DatagramLimit);
        writer.UInt32(0);
        writer.UInt16(0);
        return writer.ToArray();
    }

    /// <summary>An update of one TXT value: of class <see cref="DnsClass.In"/> it is added, of <see cref="DnsClass.None"/> removed (RFC 2136, 2.5).</summary>
    public static byte[] UpdateTxt(ushort id, string zone, string name, string value, DnsClass dnsClass, uint ttl)
    {
        var writer = new DnsWriter();
        writer.Header(id, (ushort)((int)DnsOpcode.Update << 11), 1, 0, 1, 0);
        writer.Question(new DnsQuestion(zone, DnsType.Soa));
        writer.Name(name);
        writer.UInt16((ushort)DnsType.Txt);
        writer.UInt16((ushort)dnsClass);
        writer.UInt32(ttl);
        writer.Data(Text(value));
        return writer.ToArray();
    }

    /// <summary>The message with one more record in its additional section.</summary>
    public static byte[] Append(ReadOnlySpan<byte> message, string name, DnsType type, DnsClass dnsClass, ReadOnlySpan<byte> data)
    {
        var writer = new DnsWriter();
        writer._bytes.Write(message);
        writer.Name(name);
        writer.UInt16((ushort)type);
        writer.UInt16((ushort)dnsClass);
        writer.UInt32(0);
        writer.Data(data);
        byte[] longer = writer.ToArray();
        Span<byte> count = longer.AsSpan(AdditionalCount);
        BinaryPrimitives.WriteUInt16BigEndian(count, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(count) + 1));
        return longer;
    }

    /// <summary>A name on the wire.</summary>
    public void Name(string name)
    {
        foreach (string label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            UInt8((byte)label.Length);
            Encoding.ASCII.GetBytes(label, _bytes);
        }

        UInt8(0);
    }

    public void UInt8(byte value) => _bytes.Write([value]);

    public void UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.GetSpan(2), value);
        _bytes.Advance(2);
    }

    public void UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
    }

    public void Bytes(ReadOnlySpan<byte> value) => _bytes.Write(value);

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    private static byte[] Text(string value)
    {
        var data = new DnsWriter();
        foreach (byte[] part in Encoding.UTF8.GetBytes(value).Chunk(MaxString))
        {
            data.UInt8((byte)part.Length);
            data.Bytes(part);
        }

        return data.ToArray();
    }

    private void Header(ushort id, ushort flags, ushort first, ushort second, ushort third, ushort fourth)
    {
        foreach (ushort word in (ReadOnlySpan<ushort>)[id, flags, first, second, third, fourth])
            UInt16(word);
    }

    private void Question(DnsQuestion question)
    {
        Name(question.Name);
        UInt16((ushort)question.Type);
        UInt16((ushort)question.Class);
    }

    private void Data(ReadOnlySpan<byte> data)
    {
        UInt16((ushort)data.Length);
        Bytes(data);
    }
}
