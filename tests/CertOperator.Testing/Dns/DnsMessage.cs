using System.Buffers.Binary;
using System.Text;

namespace CertOperator.Testing.Dns;

/// <summary>One question for TXT records, and the reading of its answer (RFC 1035 section 4).</summary>
internal static class DnsMessage
{
    private const int HeaderSize = 12;
    private const ushort RecursionDesired = 0x0100;
    private const ushort Truncated = 0x0200;
    private const ushort TypeTxt = 16;
    private const ushort ClassInternet = 1;

    public static byte[] Question(ushort id, string name)
    {
        using var message = new MemoryStream();
        Write(message, id);
        Write(message, RecursionDesired);
        Write(message, 1);
        message.Write(new byte[6]);
        foreach (var label in name.TrimEnd('.').Split('.'))
        {
            message.WriteByte((byte)label.Length);
            message.Write(Encoding.ASCII.GetBytes(label));
        }

        message.WriteByte(0);
        Write(message, TypeTxt);
        Write(message, ClassInternet);
        return message.ToArray();
    }

    public static bool IsAnswerTo(ReadOnlySpan<byte> message, ushort id) =>
        message.Length >= HeaderSize && BinaryPrimitives.ReadUInt16BigEndian(message) == id;

    public static bool IsTruncated(ReadOnlySpan<byte> message) =>
        (BinaryPrimitives.ReadUInt16BigEndian(message[2..]) & Truncated) != 0;

    public static DnsAnswer Read(ReadOnlySpan<byte> message)
    {
        var texts = new List<string>();
        var answers = BinaryPrimitives.ReadUInt16BigEndian(message[6..]);
        var at = SkipName(message, HeaderSize) + 4;
        for (var i = 0; i < answers; i++)
        {
            at = SkipName(message, at);
            var type = BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
            at += 10;
            if (type == TypeTxt) texts.Add(Strings(message.Slice(at, length)));
            at += length;
        }

        return new DnsAnswer(message[3] & 0x0F, texts);
    }

    private static string Strings(ReadOnlySpan<byte> data)
    {
        var text = new StringBuilder();
        for (; data.Length > 0; data = data[(1 + data[0])..])
        {
            text.Append(Encoding.ASCII.GetString(data.Slice(1, data[0])));
        }

        return text.ToString();
    }

    private static int SkipName(ReadOnlySpan<byte> message, int at)
    {
        while (message[at] != 0)
        {
            // A pointer ends a name.
            if (message[at] >= 0xC0) return at + 2;
            at += 1 + message[at];
        }

        return at + 1;
    }

    private static void Write(MemoryStream message, ushort value) => message.Write([(byte)(value >> 8), (byte)(value & 0xFF)]);
}
