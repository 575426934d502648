using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace CertOperator.Challenges.Dns.Wire;

/// <summary>
/// Reads messages that anybody may have sent: every count is held against the bytes that are there, and a pointer leads only
/// backwards, so that reading ends.
/// </summary>
internal ref struct DnsReader
{
    /// <summary>More are of no use here, and a small message with many pointers must not become a large object.</summary>
    private const int MaxRecords = 512;

    private const int HeaderLength = 12;

    private readonly ReadOnlySpan<byte> _message;
    private int _position;

    private DnsReader(ReadOnlySpan<byte> message) => _message = message;

    /// <exception cref="DnsFormatException">It is no message.</exception>
    public static DnsMessage Read(ReadOnlySpan<byte> message)
    {
        if (message.Length < HeaderLength)
            throw Malformed("it is shorter than a header");

        var reader = new DnsReader(message);
        ushort id = reader.UInt16();
        ushort flags = reader.UInt16();
        Span<ushort> counts = [reader.UInt16(), reader.UInt16(), reader.UInt16(), reader.UInt16()];
        if (counts[0] + counts[1] + counts[2] + counts[3] > MaxRecords)
            throw Malformed("it has too many records");

        var questions = new DnsQuestion[counts[0]];
        for (int i = 0; i < questions.Length; i++)
            questions[i] = new DnsQuestion(reader.Name(), (DnsType)reader.UInt16(), (DnsClass)reader.UInt16());
        return new DnsMessage
        {
            Id = id,
            IsResponse = (flags & 0x8000) != 0,
            Opcode = (DnsOpcode)((flags >> 11) & 0xF),
            IsTruncated = (flags & 0x0200) != 0,
            Code = (DnsResponseCode)(flags & 0xF),
            Questions = questions,
            Answers = reader.Records(counts[1]),
            Authorities = reader.Records(counts[2]),
            Additionals = reader.Records(counts[3]),
        };
    }

    /// <summary>The name at the start of data that stand alone, and how many bytes it takes.</summary>
    public static (string Name, int Length) ReadName(ReadOnlySpan<byte> data)
    {
        var reader = new DnsReader(data);
        return (reader.Name(), reader._position);
    }

    private DnsRecord[] Records(int count)
    {
        var records = new DnsRecord[count];
        for (int i = 0; i < count; i++)
            records[i] = Record();
        return records;
    }

    private DnsRecord Record()
    {
        int start = _position;
        string name = Name();
        var type = (DnsType)UInt16();
        var dnsClass = (DnsClass)UInt16();
        uint ttl = UInt32();
        int length = UInt16();
        if (length > _message.Length - _position)
            throw Malformed("a record is cut off");

        int data = _position;
        int end = data + length;
        var record = new DnsRecord(name, type, dnsClass, ttl, _message.Slice(data, length).ToArray(), start);
        // The data of an update that deletes may be empty (RFC 2136, 2.5).
        if (length > 0)
        {
            record = type switch
            {
                DnsType.Cname or DnsType.Ns or DnsType.Soa => record with { Target = Name() },
                DnsType.Txt => record with { Text = Text(_message.Slice(data, length)) },
                _ => record,
            };
        }

        if (_position > end)
            throw Malformed("a name leaves its record");
        _position = end;
        return record;
    }

    private static string Text(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder(data.Length);
        while (!data.IsEmpty)
        {
            int length = data[0];
            if (length >= data.Length)
                throw Malformed("a string is cut off");
            text.Append(Encoding.Latin1.GetString(data.Slice(1, length)));
            data = data[(length + 1)..];
        }

        return text.ToString();
    }

    private string Name()
    {
        var name = new StringBuilder();
        int octets = 1;
        int at = _position;
        int limit = at;
        int? after = null;
        while (true)
        {
            int length = Byte(at);
            if (length >= 0xC0)
            {
                int target = ((length & 0x3F) << 8) | Byte(at + 1);
                after ??= at + 2;
                if (target >= limit)
                    throw Malformed("a pointer does not lead backwards");
                limit = at = target;
                continue;
            }

            if (length > DnsNames.MaxLabel)
                throw Malformed("a label has an unknown form");
            at++;
            if (length == 0)
                break;
            if (length > _message.Length - at)
                throw Malformed("a name is cut off");
            if ((octets += length + 1) > DnsNames.MaxLength)
                throw Malformed("a name is too long");
            Label(_message.Slice(at, length), name);
            at += length;
        }

        _position = after ?? at;
        return name.ToString();
    }

    /// <summary>Adds a label in lower case; an octet that would be taken for something else is written as RFC 1035, 5.1 does.</summary>
    private static void Label(ReadOnlySpan<byte> label, StringBuilder name)
    {
        if (name.Length > 0)
            name.Append('.');
        foreach (byte octet in label)
        {
            if (octet is > 0x20 and < 0x7F and not (byte)'.' and not (byte)'\\')
                name.Append(char.ToLowerInvariant((char)octet));
            else
                name.Append('\\').Append(octet.ToString("D3", CultureInfo.InvariantCulture));
        }
    }

    private readonly int Byte(int at) => at < _message.Length ? _message[at] : throw Malformed("a name is cut off");

    private ushort UInt16()
    {
        if (_message.Length - _position < 2)
            throw Malformed("it is cut off");
        ushort value = BinaryPrimitives.ReadUInt16BigEndian(_message[_position..]);
        _position += 2;
        return value;
    }

    private uint UInt32() => ((uint)UInt16() << 16) | UInt16();

    private static DnsFormatException Malformed(string why) => new($"The answer is no DNS message: {why}.");
}
